import { createHash } from 'node:crypto';
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
      const png = writePng(pixels, { width, height }, indexed ? palette : null);
      const back = await readPng(png);
      expect([back.width, back.height, back.kind]).toEqual([width, height, indexed ? 'index' : 'gray']);
      expect([...back.values]).toEqual([...pixels]);
    }),
    { numRuns: 100 },
  );
});

test('its bytes are the same on every machine', () => {
  const [width, height] = [300, 200];
  const pixels = Uint8Array.from({ length: width * height }, (_, n) => {
    const [x, y] = [n % width, Math.floor(n / width)];
    return (x - 150) ** 2 + (y - 100) ** 2 < 6_400 ? 1 + ((x * 7 + y * 13) % 5) : 0;
  });
  const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  expect([pixels, writePng(pixels, { width, height }, null)].map(digest)).toEqual([
    '3e1cec9f2b0cbad7b02575224f09f231763bbf4b42ee9064f5300e74fcf80287',
    '59e9ded8f545fd7a386ad0a3dec8172724c13bea86ae7f688e0d84f561d69e77',
  ]);
});

test('what is broken is named', async () => {
  const png = writePng(Uint8Array.of(1, 2, 3, 4), { width: 2, height: 2 }, null);
  const changed = (at: number, value: number) => png.with(at, value);
  await expect(readPng(Uint8Array.of(1, 2))).rejects.toMatchObject({ code: 'bad_png' });
  await expect(readPng(png.subarray(0, 40))).rejects.toMatchObject({ code: 'truncated' });
  await expect(readPng(changed(16, 255))).rejects.toMatchObject({ code: 'too_large' });
  await expect(readPng(png, { width: 2, height: 1 })).rejects.toMatchObject({ code: 'too_large' });
  await expect(readPng(png, { width: 2, height: 2 })).resolves.toMatchObject({ width: 2, height: 2 });
  await expect(readPng(changed(19, 3))).rejects.toMatchObject({ code: 'bad_png' });
  await expect(readPng(changed(24, 16))).rejects.toMatchObject({ code: 'bad_png' });
  await expect(readPng(changed(41, 0))).rejects.toMatchObject({ code: 'bad_png' });
});
