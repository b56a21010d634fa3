import fc from 'fast-check';
import { placedGeometries } from '../../test/geometry-arbitraries.js';
import { geometryBounds } from './bounds.js';
import { checkGeometry, normaliseAngle } from './check-geometry.js';
import type { Geometry } from './geometry.js';
import { encodeRleCounts } from './rle.js';

const IMAGE = { width: 100, height: 80 };
const TRIANGLE = [[10, 10], [50, 10], [10, 50]]; // prettier-ignore
const HOLE = [[12, 12], [20, 12], [12, 20]]; // prettier-ignore
const polygon = (...parts: unknown[]) => ({ type: 'polygon', polygons: parts });

function accepted(value: unknown): Geometry {
  const check = checkGeometry(value, IMAGE);
  if (!check.ok) throw new Error(JSON.stringify(check.issues));
  return check.geometry;
}

function refusal(value: unknown): string {
  const check = checkGeometry(value, IMAGE);
  return check.ok ? 'accepted' : check.issues.map(({ code, path }) => `${code} at ${path || 'geometry'}`).join();
}

const full = encodeRleCounts([0, 8000]);

const REFUSED: [name: string, value: unknown, expected: string][] = [
  ['nothing', undefined, 'not_an_object at geometry'],
  ['null', null, 'not_an_object at geometry'],
  ['a list', [], 'not_an_object at geometry'],
  ['text', 'bbox', 'not_an_object at geometry'],
  ['no type', {}, 'unknown_type at type'],
  ['an unknown type', { type: 'cube' }, 'unknown_type at type'],
  ['an inherited name as type', { type: 'toString' }, 'unknown_type at type'],
  ['an unknown key', { type: 'bbox', bbox: [1, 1, 2, 2], score: 1 }, 'unknown_key at score'],
  ['a prototype as key', JSON.parse('{"type":"classification","__proto__":1}'), 'unknown_key at __proto__'],

  ['bbox missing', { type: 'bbox' }, 'not_a_list at bbox'],
  ['bbox of three numbers', { type: 'bbox', bbox: [1, 2, 3] }, 'wrong_length at bbox'],
  ['bbox with text', { type: 'bbox', bbox: [1, 2, '3', 4] }, 'not_a_number at bbox.2'],
  ['bbox with NaN', { type: 'bbox', bbox: [NaN, 2, 3, 4] }, 'not_a_number at bbox.0'],
  ['bbox with infinity', { type: 'bbox', bbox: [1, 2, 3, Infinity] }, 'not_a_number at bbox.3'],
  ['bbox of zero width', { type: 'bbox', bbox: [1, 2, 0, 4] }, 'degenerate at bbox.2'],
  ['bbox of negative height', { type: 'bbox', bbox: [1, 2, 3, -4] }, 'degenerate at bbox.3'],
  ['bbox left of the image', { type: 'bbox', bbox: [-0.51, 2, 3, 4] }, 'outside_image at bbox'],
  ['bbox below the image', { type: 'bbox', bbox: [1, 70, 3, 10.6] }, 'outside_image at bbox'],
  ['bbox with sums that overflow', { type: 'bbox', bbox: [1e308, 1, 1e308, 1] }, 'outside_image at bbox'],
  ['bbox in the tolerance only', { type: 'bbox', bbox: [-0.4, 2, 0.4, 4] }, 'outside_image at bbox'],

  ['rotated box without angle', { type: 'rotated_bbox', center: [50, 40], size: [5, 5] }, 'not_a_number at angle'],
  ['rotated box of size 0', { type: 'rotated_bbox', center: [50, 40], size: [5, 0], angle: 0 }, 'degenerate at size.1'],
  [
    'rotated box outside',
    { type: 'rotated_bbox', center: [50, 40], size: [82, 4], angle: 90 },
    'outside_image at center',
  ],
  ['circle of radius 0', { type: 'circle', center: [5, 5], radius: 0 }, 'degenerate at radius'],
  ['circle without radius', { type: 'circle', center: [5, 5] }, 'not_a_number at radius'],
  ['circle outside', { type: 'circle', center: [5, 5], radius: 5.6 }, 'outside_image at center'],

  ['polygon without list', { type: 'polygon', polygons: 5 }, 'not_a_list at polygons'],
  ['polygon without parts', polygon(), 'degenerate at polygons'],
  ['part without list of holes', polygon([TRIANGLE]), 'wrong_length at polygons.0'],
  ['flat ring', polygon(TRIANGLE), 'wrong_length at polygons.0'],
  ['part whose holes are no list', polygon([TRIANGLE, null]), 'wrong_length at polygons.0'],
  ['ring of two points', polygon([TRIANGLE, []], [[[1, 1], [2, 2]], []]), 'degenerate at polygons.1.0'], // prettier-ignore
  ['ring of two distinct points', polygon([[[1, 1], [9, 9], [1, 1]], []]), 'degenerate at polygons.0.0'], // prettier-ignore
  ['ring on one line', polygon([[[0.1, 0.1], [0.2, 0.2], [0.3, 0.3], [0.7, 0.7]], []]), 'degenerate at polygons.0.0'], // prettier-ignore
  ['point of three numbers', polygon([[[1, 1, 1], [9, 9], [1, 9]], []]), 'wrong_length at polygons.0.0.0'], // prettier-ignore
  ['point with null', polygon([[[1, 1], [9, 9], [1, null]], []]), 'not_a_number at polygons.0.0.2.1'], // prettier-ignore
  ['point outside', polygon([[[1, 1], [9, 9], [1, 80.6]], []]), 'outside_image at polygons.0.0.2'], // prettier-ignore
  ['ring on the edge after clipping', polygon([[[100.1, 1], [100.3, 9], [100.2, 5]], []]), 'degenerate at polygons.0.0'], // prettier-ignore
  ['broken hole', polygon([TRIANGLE, [HOLE, [[1, 1]]]]), 'degenerate at polygons.0.1.1'],
  ['hole outside its ring', polygon([TRIANGLE, [[[60, 60], [70, 60], [60, 70]]]]), 'bad_value at polygons.0.1.0'], // prettier-ignore
  ['hole that takes all', polygon([TRIANGLE, [TRIANGLE]]), 'degenerate at polygons.0'],

  ['mask of another size', { type: 'mask', size: [100, 80], counts: full }, 'bad_mask at size'],
  ['mask with list of counts', { type: 'mask', size: [80, 100], counts: [0, 8000] }, 'not_text at counts'],
  ['mask with foreign text', { type: 'mask', size: [80, 100], counts: 'ä' }, 'bad_mask at counts'],
  ['mask too short', { type: 'mask', size: [80, 100], counts: encodeRleCounts([0, 7999]) }, 'bad_mask at counts'],
  ['mask too long', { type: 'mask', size: [80, 100], counts: encodeRleCounts([1, 8000]) }, 'bad_mask at counts'],
  ['mask without counts', { type: 'mask', size: [80, 100], counts: '' }, 'bad_mask at counts'],
  ['mask without pixels', { type: 'mask', size: [80, 100], counts: encodeRleCounts([8000]) }, 'degenerate at counts'],

  ['line of one point', { type: 'polyline', points: [[1, 1]] }, 'degenerate at points'],
  ['line without length', { type: 'polyline', points: [[1, 1], [1, 1]] }, 'degenerate at points'], // prettier-ignore
  ['line with no points', { type: 'polyline' }, 'not_a_list at points'],

  ['no keypoint labeled', { type: 'keypoints', points: [[1, 1, 0]] }, 'degenerate at points'],
  ['no keypoints', { type: 'keypoints', points: [] }, 'degenerate at points'],
  ['visibility 3', { type: 'keypoints', points: [[1, 1, 3]] }, 'bad_value at points.0.2'],
  ['keypoint without visibility', { type: 'keypoints', points: [[1, 1]] }, 'wrong_length at points.0'],
  ['keypoint outside', { type: 'keypoints', points: [[1, 1, 1], [200, 1, 2]] }, 'outside_image at points.1'], // prettier-ignore

  ['caption missing', { type: 'text', label_type: 'caption', language: 'en' }, 'not_text at text'],
  ['caption of blanks', { type: 'text', label_type: 'caption', text: ' \n', language: 'en' }, 'degenerate at text'],
  ['unknown label type', { type: 'text', label_type: 'x', text: 'a', language: 'en' }, 'bad_value at label_type'],
  ['answer without question', { type: 'text', label_type: 'qa', text: 'a', language: 'en' }, 'not_text at question'],
  ['caption with question', { type: 'text', label_type: 'caption', text: 'a', question: 'b', language: 'en' }, 'bad_value at question'], // prettier-ignore
  ['NUL in text', { type: 'text', label_type: 'caption', text: 'a\0', language: 'en' }, 'bad_value at text'],
  ['half a character', { type: 'text', label_type: 'caption', text: 'a\ud83d', language: 'en' }, 'bad_value at text'],
  [
    'language that is none',
    { type: 'text', label_type: 'caption', text: 'a', language: '한국어' },
    'bad_value at language',
  ],
  ['language cut off', { type: 'text', label_type: 'caption', text: 'a', language: 'ko-' }, 'bad_value at language'],
];

describe('what is refused', () => {
  test.each(REFUSED)('%s', (_, value, expected) => {
    expect(refusal(value)).toBe(expected);
  });

  test('limits', () => {
    const many = { type: 'polyline', points: Array.from({ length: 100_001 }, (_, i) => [i % 100, i % 80]) };
    expect(refusal(many)).toBe('too_large at points');
    const rings = polygon(...Array.from({ length: 1001 }, () => [TRIANGLE, []]));
    expect(refusal(rings)).toBe('too_large at polygons');
    const round = Array.from({ length: 40_000 }, (_, i) => [
      50 + 30 * Math.cos(i / 6400),
      40 + 30 * Math.sin(i / 6400),
    ]);
    const sum = polygon(...Array.from({ length: 3 }, () => [round, []]));
    expect(refusal(sum)).toBe('too_large at polygons');
    const novel = { type: 'text', label_type: 'caption', text: 'a'.repeat(10_001), language: 'en' };
    expect(refusal(novel)).toBe('too_large at text');
    expect(checkGeometry(novel, IMAGE, { max_text_characters: 20_000 }).ok).toBe(true);
  });

  test('the message says what to do', () => {
    const check = checkGeometry({ type: 'bbox', bbox: [90, 10, 30, 5] }, IMAGE);
    expect(check).toEqual({
      ok: false,
      issues: [{ path: 'bbox', code: 'outside_image', message: 'lies outside the image of 100 × 80 pixels' }],
    });
  });

  test('no JSON value makes it throw', () => {
    const types = fc.constantFrom('bbox', 'rotated_bbox', 'polygon', 'mask', 'polyline', 'circle', 'keypoints', 'text');
    const value = fc.oneof(fc.jsonValue(), fc.array(fc.array(fc.jsonValue())));
    const geometry = fc
      .tuple(
        types,
        fc.dictionary(
          fc.constantFrom('bbox', 'center', 'size', 'angle', 'points', 'polygons', 'counts', 'text'),
          value,
        ),
      )
      .map(([type, keys]) => ({ ...keys, type }));
    fc.assert(
      fc.property(geometry, (given) => {
        const check = checkGeometry(given, IMAGE);
        expect(check.ok || check.issues.length).toBeTruthy();
      }),
    );
  });
});

describe('what is accepted', () => {
  test('sound geometry comes back as the same object', () => {
    fc.assert(
      fc.property(placedGeometries, ({ geometry, image }) => {
        const check = checkGeometry(geometry, image);
        expect(check).toEqual({ ok: true, geometry });
        expect(check.ok && check.geometry).toBe(geometry);
      }),
    );
  });

  test('answers and captions', () => {
    accepted({ type: 'text', label_type: 'qa', text: '셋', question: '몇 마리?', language: 'ko' });
    accepted({ type: 'text', label_type: 'caption', text: 'three cats', language: 'en-GB' });
  });

  test('rounding of x + width at the far edge is no reason to touch the numbers', () => {
    const bbox = [64.1, 0.7, 35.90000000000002, 79.3] as const;
    expect(bbox[0] + bbox[2]).toBeGreaterThan(100);
    expect(accepted({ type: 'bbox', bbox })).toEqual({ type: 'bbox', bbox });
  });
});

describe('what is changed', () => {
  test.each<[name: string, given: unknown, stored: unknown]>([
    [
      'bbox over the top left corner',
      { type: 'bbox', bbox: [-0.5, -0.25, 10, 20] },
      { type: 'bbox', bbox: [0, 0, 9.5, 19.75] },
    ],
    [
      'bbox over the right edge',
      { type: 'bbox', bbox: [90.1, 3.3, 10.2, 7.7] },
      { type: 'bbox', bbox: [90.1, 3.3, 100 - 90.1, 7.7] },
    ],
    [
      'bbox larger than the image',
      { type: 'bbox', bbox: [-0.5, -0.5, 101, 81] },
      { type: 'bbox', bbox: [0, 0, 100, 80] },
    ],
    [
      'polygon points',
      polygon([TRIANGLE, []], [[[60, -0.5], [100.5, 0], [80, 80.5]], []]), // prettier-ignore
      polygon([TRIANGLE, []], [[[60, 0], [100, 0], [80, 80]], []]), // prettier-ignore
    ],
    [
      'a hole',
      polygon([[[0, 0], [100.2, 0], [50, 70]], [[[40, -0.1], [60, 0], [50, 9]], HOLE.map(([x, y]) => [x! + 40, y!])]]), // prettier-ignore
      polygon([[[0, 0], [100, 0], [50, 70]], [[[40, 0], [60, 0], [50, 9]], HOLE.map(([x, y]) => [x! + 40, y!])]]), // prettier-ignore
    ],
    ['polyline', { type: 'polyline', points: [[-0.2, 5], [5, 80.4]] }, { type: 'polyline', points: [[0, 5], [5, 80]] }], // prettier-ignore
    ['keypoints', { type: 'keypoints', points: [[-0.2, 5, 1], [7, 7, 0]] }, { type: 'keypoints', points: [[0, 5, 1], [0, 0, 0]] }], // prettier-ignore
    [
      'angle',
      { type: 'rotated_bbox', center: [50, 40], size: [5, 5], angle: 270 },
      { type: 'rotated_bbox', center: [50, 40], size: [5, 5], angle: -90 },
    ],
  ])('%s', (_, given, stored) => {
    const before = structuredClone(given);
    expect(accepted(given)).toEqual(stored);
    expect(given).toEqual(before);
  });

  test('what was accepted once is accepted unchanged again and lies in the image', () => {
    const shifted = fc.tuple(placedGeometries, fc.double({ min: -0.5, max: 0.5, noNaN: true }));
    fc.assert(
      fc.property(shifted, ([{ geometry, image }, by]) => {
        const moved =
          geometry.type === 'bbox'
            ? { ...geometry, bbox: geometry.bbox.map((n, i) => (i < 2 ? n + by : n)) }
            : geometry.type === 'polygon'
              ? { ...geometry, polygons: geometry.polygons.map(([o, h]) => [o.map(([x, y]) => [x + by, y + by]), h]) }
              : geometry;
        const check = checkGeometry(moved, image);
        if (!check.ok) return;
        expect(checkGeometry(check.geometry, image)).toEqual(check);
        const [x, y, w, h] = geometryBounds(check.geometry) ?? [0, 0, 0, 0];
        const slack = check.geometry.type === 'rotated_bbox' || check.geometry.type === 'circle' ? 0.6 : 1e-8;
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(slack < 0.1 ? 0 : -slack);
        expect(x + w).toBeLessThanOrEqual(image.width + slack);
        expect(y + h).toBeLessThanOrEqual(image.height + slack);
      }),
    );
  });

  test.each([
    [0, 0],
    [180, 180],
    [-180, 180],
    [181, -179],
    [-181, 179],
    [540, 180],
    [360, 0],
    [-720.5, -0.5],
  ])('angle %d → %d', (given, expected) => {
    expect(normaliseAngle(given)).toBe(expected);
  });
});
