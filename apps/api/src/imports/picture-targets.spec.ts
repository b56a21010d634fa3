import type { FormatName } from '@labelyard/formats';
import type { SourceFile } from './import-source.js';
import { pictureTargets } from './picture-targets.js';

/** Pictures whose bytes are their texts. */
function pictures(contents: Readonly<Record<string, string>>): SourceFile[] {
  return Object.entries(contents).map(([path, text]) => ({
    path,
    size_bytes: text.length,
    object: null,
    async *chunks() {
      yield Buffer.from(text);
    },
  }));
}

async function targets(format: FormatName, contents: Readonly<Record<string, string>> | readonly string[]) {
  const files = Array.isArray(contents) ? Object.fromEntries(contents.map((path: string) => [path, path])) : contents;
  const of = await pictureTargets(pictures(files as Record<string, string>), format);
  return Object.keys(files).map((path) => of(path)[0]);
}

test.each([
  ['yolo', 'images/train/a/b.jpg', 'a/b.jpg'],
  ['yolo', 'images/val2017/a.jpg', 'a.jpg'],
  ['coco', 'images/train/a.jpg', 'train/a.jpg'],
  ['voc', 'VOCdevkit/VOC2012/JPEGImages/a.jpg', 'a.jpg'],
  ['dice', 'images/x/images/b.jpg', 'x/images/b.jpg'],
  ['coco', 'coco/train2017/a.jpg', 'coco/train2017/a.jpg'],
  ['coco', 'images/a.jpg', 'a.jpg'],
  ['coco', 'a.jpg', 'a.jpg'],
] as const)('%s: %s becomes %s', async (format, path, target) => {
  expect(await targets(format, [path])).toEqual([target]);
});

test('different pictures keep different paths: folders that tell them apart stay', async () => {
  expect(await targets('yolo', ['images/train/1.jpg', 'images/val/1.jpg', 'images/val/2.jpg'])).toEqual([
    'train/1.jpg',
    'val/1.jpg',
    'val/2.jpg',
  ]);
  const roboflow = ['train/images/1.jpg', 'valid/images/1.jpg'];
  expect(await targets('yolo', roboflow)).toEqual(roboflow);
});

test('pictures with the same bytes may go to one place', async () => {
  const same = { 'captions/images/a.jpg': 'a', 'instances/images/a.jpg': 'a' };
  expect(await targets('coco', same)).toEqual(['a.jpg', 'a.jpg']);
  const other = { 'captions/images/a.jpg': 'a', 'instances/images/a.jpg': 'b' };
  expect(await targets('coco', other)).toEqual(Object.keys(other));
});

test('there is another place when the best one is taken', async () => {
  const of = await pictureTargets(pictures({ 'images/val/1.jpg': '1' }), 'yolo');
  expect(of('images/val/1.jpg')).toEqual(['1.jpg', 'val/1.jpg', 'images/val/1.jpg']);
});
