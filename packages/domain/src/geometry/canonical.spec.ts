import fc from 'fast-check';
import { placedGeometries } from '../../test/geometry-arbitraries.js';
import { canonicalGeometryJson } from './canonical.js';
import type { Geometry } from './geometry.js';

describe('canonical text', () => {
  test.each<[Geometry, string]>([
    [{ bbox: [1, 2.5, -0, 1e-7], type: 'bbox' }, '{"type":"bbox","bbox":[1,2.5,0,1e-7]}'],
    [
      { angle: -30, size: [4, 5], center: [1.25, 2], type: 'rotated_bbox' },
      '{"type":"rotated_bbox","center":[1.25,2],"size":[4,5],"angle":-30}',
    ],
    [
      {
        type: 'polygon',
        polygons: [
          [[[0, 0], [9, 0], [9, 9]], [[[1, 1], [2, 1], [2, 2]], [[3, 3], [4, 3], [4, 4]]]], // prettier-ignore
          [[[10, 0], [19, 0], [19, 9]], []], // prettier-ignore
        ],
      },
      '{"type":"polygon","polygons":[[[[0,0],[9,0],[9,9]],[[[1,1],[2,1],[2,2]],[[3,3],[4,3],[4,4]]]],[[[10,0],[19,0],[19,9]],[]]]}',
    ],
    [{ type: 'mask', size: [2, 3], counts: '0\\6' }, '{"type":"mask","size":[2,3],"counts":"0\\\\6"}'],
    [{ type: 'polyline', points: [[1, 2], [3, 4]] }, '{"type":"polyline","points":[[1,2],[3,4]]}'], // prettier-ignore
    [{ type: 'circle', center: [1, 2], radius: 3 }, '{"type":"circle","center":[1,2],"radius":3}'],
    [{ type: 'keypoints', points: [[1, 2, 2], [0, 0, 0]] }, '{"type":"keypoints","points":[[1,2,2],[0,0,0]]}'], // prettier-ignore
    [{ type: 'classification' }, '{"type":"classification"}'],
    [{ type: 'no_object' }, '{"type":"no_object"}'],
    [
      { language: 'en', text: 'a "cat"\n', type: 'text', label_type: 'caption' },
      '{"type":"text","label_type":"caption","text":"a \\"cat\\"\\n","language":"en"}',
    ],
  ])('%j', (geometry, text) => {
    expect(canonicalGeometryJson(geometry)).toBe(text);
  });

  test('reads back equal, and writing that again gives the same bytes', () => {
    fc.assert(
      fc.property(placedGeometries, ({ geometry }) => {
        const text = canonicalGeometryJson(geometry);
        const back = JSON.parse(text) as Geometry;
        // JSON has no -0.
        expect(back).toEqual(JSON.parse(JSON.stringify(geometry)));
        expect(canonicalGeometryJson(back)).toBe(text);
      }),
    );
  });

  test('neither key order nor foreign keys change the bytes', () => {
    fc.assert(
      fc.property(placedGeometries, ({ geometry }) => {
        const shuffled = Object.fromEntries([
          ['zoom', 3],
          ...Object.entries(geometry).reverse(),
        ]) as unknown as Geometry;
        expect(canonicalGeometryJson(shuffled)).toBe(canonicalGeometryJson(geometry));
      }),
    );
  });
});
