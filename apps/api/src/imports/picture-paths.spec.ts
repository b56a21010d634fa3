import { isPicture } from './picture-paths.js';

test('masks are labels', () => {
  expect(isPicture('VOC/SegmentationClass/a.png')).toBe(false);
  expect(isPicture('VOC/JPEGImages/a.jpg')).toBe(true);
});
