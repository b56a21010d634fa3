import fc from 'fast-check';
import { readPng } from './read-png.js';
import { writePng } from './write-png.js';

const pictures = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
  .chain(([width, height]) =>
    fc
      .uint8Array({ minLength: width * height, maxLength: width * height })
      .map((pixels) => ({ width, height, pixels })),
  );

test('any picture comes back, with and without palette', async () => {
  const palette = Array.from({ length: 256 }, (_, n) => [n, 255 - n, 0] as const);
  await fc.assert(
    fc.asyncProperty(pictures, fc.boolean(), async ({ width, height, pixels }, indexed) => {
      const png = await writePng(pixels, { width, height }, indexed ? palette : null);
      const back = await readPng(png);
      expect([back.width, back.height, back.kind]).toEqual([width, height, indexed ? 'index' : 'gray']);
      expect([...back.values]).toEqual([...pixels]);
    }),
    { numRuns: 100 },
  );
});

test('what is broken is named', async () => {
  const png = await writePng(Uint8Array.of(1, 2, 3, 4), { width: 2, height: 2 }, null);
  const changed = (at: number, value: number) => png.with(at, value);
  await expect(readPng(Uint8Array.of(1, 2))).rejects.toMatchObject({ code: 'bad_png' });
  await expect(readPng(png.subarray(0, 40))).rejects.toMatchObject({ code: 'truncated' });
  await expect(readPng(changed(16, 255))).rejects.toMatchObject({ code: 'too_large' });
  await expect(readPng(changed(19, 3))).rejects.toMatchObject({ code: 'bad_png' });
  await expect(readPng(changed(24, 16))).rejects.toMatchObject({ code: 'bad_png' });
  await expect(readPng(changed(41, 0))).rejects.toMatchObject({ code: 'bad_png' });
});
