import { checkGeometry } from '@labelyard/domain';
import { seededRandom } from './random.mjs';
import { IMAGE_SIZE, measured, randomShape } from './shapes.mjs';

const shapes = (seed) => {
  const random = seededRandom(seed);
  return Array.from({ length: 500 }, () => randomShape(random));
};

test('are the same at every run', () => {
  expect(shapes(3)).toEqual(shapes(3));
  expect(shapes(3)).not.toEqual(shapes(4));
});

test('are shapes the product would take', () => {
  for (const { geometry } of shapes(5)) expect(checkGeometry(geometry, IMAGE_SIZE)).toMatchObject({ ok: true });
});

test('are mostly boxes, and measured as they are stored', () => {
  const kinds = shapes(6).map(({ geometry }) => geometry.type);
  expect(kinds.filter((kind) => kind === 'bbox').length).toBeGreaterThan(350);
  expect(new Set(kinds)).toEqual(new Set(['bbox', 'polygon']));
  expect(measured({ type: 'bbox', bbox: [1, 2, 3, 4] })).toEqual({
    annotation_type: 'bbox',
    geometry: '{"type":"bbox","bbox":[1,2,3,4]}',
    bbox_x: 1,
    bbox_y: 2,
    bbox_w: 3,
    bbox_h: 4,
    area: 12,
  });
});
