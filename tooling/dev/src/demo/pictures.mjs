// The demo dataset's pictures: which ones there are, and their bytes.
import sharp from 'sharp';
import { createRandom } from './random.mjs';
import { drawScene } from './scene.mjs';

/**
 * @typedef {object} Picture
 * @property {string} path in the dataset
 * @property {import('./scene.mjs').SceneOptions} scene
 * @property {'jpeg' | 'png' | 'webp'} format
 * @property {boolean} [turned] stored lying on its side with EXIF orientation 6, as phones do
 */

/** @type {[number, number][]} as cameras and phones make them */
const SIZES = [
  [1280, 853],
  [1600, 900],
  [1024, 768],
  [1440, 960],
  [900, 1200],
  [1920, 1080],
];
const MOOD_CYCLE = /** @type {const} */ (['day', 'dusk', 'day', 'rain', 'day', 'night']);
const COUNT = 24;

/** @returns {Picture[]} */
export function demoPictures() {
  return Array.from({ length: COUNT }, (_item, index) => {
    const number = index + 1;
    const mood = MOOD_CYCLE[index % MOOD_CYCLE.length] ?? 'day';
    const view = (index + Math.floor(index / 6)) % 2 === 0 ? 'across' : 'along';
    const turned = number === 11;
    const [width, height] = turned
      ? [900, 1200]
      : (SIZES[(index * 5 + Math.floor(index / 6)) % SIZES.length] ?? [1280, 853]);
    const format = number % 9 === 0 ? 'png' : number % 13 === 0 ? 'webp' : 'jpeg';
    const folder = view === 'across' ? 'main street' : 'avenue';
    const name = number === 16 ? '비 오는 거리' : mood;
    return {
      path: `${folder}/${String(number).padStart(2, '0')} ${name}.${format === 'jpeg' ? 'jpg' : format}`,
      scene: { seed: 7_000 + number, width, height, mood, view },
      format,
      ...(turned && { turned }),
    };
  });
}

/**
 * @param {Picture} picture
 * @returns {Promise<{ bytes: Buffer, objects: import('./scene.mjs').Placed[], mood: string }>} objects in pixels as displayed
 */
export async function renderPicture({ scene, format, turned }) {
  const { svg, objects, mood } = drawScene(scene);
  const drawn = await sharp(Buffer.from(svg))
    .removeAlpha()
    .composite([{ input: await grain(scene.seed), tile: true, blend: 'soft-light' }])
    .toBuffer();
  let image = sharp(drawn);
  // Orientation 6 says "turn me clockwise to see me", so the stored pixels are turned the other way.
  if (turned) image = image.rotate(270).withMetadata({ orientation: 6 });
  const encoded = {
    jpeg: () => image.jpeg({ quality: 86, mozjpeg: false }),
    png: () => image.png({ compressionLevel: 7 }),
    webp: () => image.webp({ quality: 84 }),
  };
  return { bytes: await encoded[format]().toBuffer(), objects, mood };
}

/**
 * A sensor's noise, seeded: without it the drawings look too clean.
 *
 * @param {number} seed
 */
function grain(seed) {
  const size = 256;
  const random = createRandom(seed);
  const pixels = Buffer.alloc(size * size * 4);
  for (let at = 0; at < pixels.length; at += 4) {
    const value = 128 + Math.round((random.next() + random.next() - 1) * 70);
    pixels.fill(value, at, at + 3);
    pixels[at + 3] = 90;
  }
  return sharp(pixels, { raw: { width: size, height: size, channels: 4 } })
    .png()
    .toBuffer();
}
