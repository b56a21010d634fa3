import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { bombPng, CORNERS, cornerColors, jpeg, orientedJpeg, picture } from '../../test/picture-factory.js';
import { inspectImage, type ImageFacts, type Inspection } from './inspect-image.js';
import { WeightedSlots } from '../concurrency/weighted-slots.js';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'inspect-'))));
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
async function inspect(bytes: Uint8Array, max_pixels = 100_000_000): Promise<Inspection> {
  const path = join(folder, String(files++));
  await writeFile(path, bytes);
  const options = { max_pixels, slots: new WeightedSlots(2) };
  const inspection = await inspectImage(path, options);
  // Wherever they lie, the bytes are the same picture.
  expect(await inspectImage(Buffer.from(bytes), options)).toEqual(inspection);
  return inspection;
}

async function facts(bytes: Uint8Array): Promise<ImageFacts> {
  const result = await inspect(bytes);
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  return result.facts;
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF orientation %i: displayed size, upright thumbnail', async (orientation) => {
  const bytes = await orientedJpeg(orientation, 640, 400);
  const stored = await sharp(bytes).metadata();
  expect(stored).toMatchObject({
    orientation,
    width: orientation > 4 ? 400 : 640,
    height: orientation > 4 ? 640 : 400,
  });
  const { width, height, thumbnail } = await facts(bytes);
  expect({ width, height }).toEqual({ width: 640, height: 400 });
  const small = await sharp(thumbnail).metadata();
  expect(small).toMatchObject({ format: 'jpeg', width: 256, height: 160 });
  expect(small.orientation ?? 1).toBe(1);
  expect(await cornerColors(thumbnail)).toEqual(CORNERS);
});

test.each<[string, () => Promise<Buffer>, string]>([
  ['progressive JPEG', () => picture(300, 200).jpeg({ progressive: true }).toBuffer(), 'image/jpeg'],
  ['palette PNG', () => picture(300, 200).png({ palette: true }).toBuffer(), 'image/png'],
  ['16 bit PNG', () => picture(300, 200).toColourspace('rgb16').png().toBuffer(), 'image/png'],
  ['interlaced PNG', () => picture(300, 200).png({ progressive: true }).toBuffer(), 'image/png'],
  ['lossy WebP', () => picture(300, 200).webp().toBuffer(), 'image/webp'],
  ['lossless WebP', () => picture(300, 200).webp({ lossless: true }).toBuffer(), 'image/webp'],
])('%s is taken', async (_name, make, content_type) => {
  const found = await facts(await make());
  expect(found).toMatchObject({ content_type, width: 300, height: 200 });
  expect(await sharp(found.thumbnail).metadata()).toMatchObject({
    format: 'jpeg',
    space: 'srgb',
    width: 256,
    height: 171,
  });
  expect(await cornerColors(found.thumbnail)).toEqual(CORNERS);
});

test('a CMYK JPEG is taken, and its colours are not inverted', async () => {
  const bytes = await picture(300, 200).toColourspace('cmyk').jpeg().toBuffer();
  expect(await sharp(bytes).metadata()).toMatchObject({ space: 'cmyk' });
  const found = await facts(bytes);
  expect(found).toMatchObject({ content_type: 'image/jpeg', width: 300, height: 200 });
  const { data, info } = await sharp(found.thumbnail).raw().toBuffer({ resolveWithObject: true });
  expect(info.channels).toBe(3);
  const strongest = (x: number, y: number) => {
    const rgb = [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)];
    return rgb.indexOf(Math.max(...rgb));
  };
  expect([strongest(30, 30), strongest(220, 30), strongest(220, 140)]).toEqual([0, 1, 2]);
});

test('transparency turns white in the thumbnail', async () => {
  const clear = sharp({ create: { width: 40, height: 30, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } });
  const found = await facts(await clear.png().toBuffer());
  expect(found).toMatchObject({ content_type: 'image/png', width: 40, height: 30 });
  expect(await sharp(found.thumbnail).metadata()).toMatchObject({ width: 40, height: 30 });
  expect(await cornerColors(found.thumbnail)).toEqual(['#ffffff', '#ffffff', '#ffffff', '#ffffff']);
});

test('what programs append behind a JPEG is no damage', async () => {
  const trailer = Buffer.alloc(300_000, 'x');
  expect(await facts(Buffer.concat([await jpeg(), trailer]))).toMatchObject({ width: 320, height: 200 });
});

describe('refused', () => {
  const refusal = async (bytes: Uint8Array, max_pixels?: number) => {
    const result = await inspect(bytes, max_pixels);
    return result.ok ? 'taken' : result.code;
  };

  test('an empty file', async () => expect(await refusal(Buffer.alloc(0))).toBe('empty_file'));

  test.each([
    ['text', 'These are not the bytes you are looking for.'],
    ['one byte', 'x'],
    ['a RIFF that is sound', 'RIFF\x10\0\0\0WAVEfmt '],
    ['a page', '<!doctype html><title>404</title>'],
    ['a film', '\0\0\0\x18ftypisom\0\0\0\0'],
  ])('no image: %s', async (_name, text) => expect(await refusal(Buffer.from(text, 'latin1'))).toBe('not_an_image'));

  test.each([
    ['GIF', 'GIF89a\x01\0\x01\0'],
    ['BMP', 'BM\x46\0\0\0'],
    ['TIFF', 'II*\0\x08\0\0\0'],
    ['TIFF', 'MM\0*\0\0\0\x08'],
    ['HEIC', '\0\0\0\x18ftypheic\0\0\0\0'],
    ['AVIF', '\0\0\0\x1cftypavif\0\0\0\0'],
    ['SVG', '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['SVG', '<svg width="9" height="9"/>'],
  ])('%s, by its name', async (name, text) => {
    const result = await inspect(Buffer.from(text, 'latin1'));
    expect(result).toMatchObject({ ok: false, code: 'unsupported_image_type', message: expect.stringContaining(name) });
  });

  test('an animated WebP', async () => {
    const frames = await Promise.all(
      ['#ff0000', '#00ff00'].map((background) =>
        sharp({ create: { width: 8, height: 8, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const animated = await sharp(frames, { join: { animated: true } })
      .webp()
      .toBuffer();
    expect(await refusal(animated)).toBe('unsupported_image_type');
  });

  test.each([0.02, 0.3, 0.7, 0.99])('a file cut at %f of its length, whatever the kind', async (part) => {
    const noisy = sharp(
      Buffer.from(Array.from({ length: 400 * 300 * 3 }, (_, i) => (i * 7919 + (i >> 5) * 31) & 255)),
      { raw: { width: 400, height: 300, channels: 3 } },
    );
    for (const bytes of [
      await noisy.clone().jpeg().toBuffer(),
      await noisy.clone().jpeg({ progressive: true }).toBuffer(),
      await noisy.clone().png().toBuffer(),
      await noisy.clone().webp().toBuffer(),
    ]) {
      expect(await refusal(bytes.subarray(0, Math.floor(bytes.length * part)))).toBe('damaged_image');
    }
  });

  test('a JPEG whose second half was never written', async () => {
    const bytes = Buffer.from(await jpeg(1000, 800));
    bytes.fill(0, bytes.length >> 1);
    expect(await refusal(bytes)).toBe('damaged_image');
  });

  test('a PNG without its last chunk, and one with a wrong checksum', async () => {
    const bytes = await picture(300, 200).png().toBuffer();
    expect(await refusal(bytes.subarray(0, -12))).toBe('damaged_image');
    const flipped = Buffer.from(bytes);
    flipped[Math.floor(bytes.length / 2)] = ~(bytes[Math.floor(bytes.length / 2)] as number) & 255;
    expect(await refusal(flipped)).toBe('damaged_image');
  });

  test('a decompression bomb, before anything is decoded', async () => {
    const bomb = bombPng(60_000);
    expect(bomb.length).toBeLessThan(1_000_000);
    const result = await inspect(bomb);
    expect(result).toMatchObject({
      ok: false,
      code: 'too_many_pixels',
      message: expect.stringContaining('60000 × 60000'),
    });
  });

  test('one pixel too many', async () => {
    const bytes = await jpeg(100, 50);
    expect(await refusal(bytes, 5000)).toBe('taken');
    expect(await refusal(bytes, 4999)).toBe('too_many_pixels');
  });
});
