// JPEGs with the detail of photographs, the same at every run.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { seededRandom } from './random.mjs';

/** Side of the noise that is scaled up to a picture. */
const NOISE = 96;

/**
 * @param {string} folder made when missing
 * @param {{ count: number, width: number, height: number, quality?: number }} options
 * @returns {Promise<string[]>} paths; no two files are alike
 */
export async function makePictures(folder, { count, width, height, quality = 85 }) {
  mkdirSync(folder, { recursive: true });
  const paths = [];
  for (let n = 0; n < count; n += 1) {
    const random = seededRandom(1_000 + n);
    const noise = Buffer.from(Uint8Array.from({ length: NOISE * NOISE * 3 }, () => random() * 256));
    const bytes = await sharp(noise, { raw: { width: NOISE, height: NOISE, channels: 3 } })
      .resize(width, height, { fit: 'fill', kernel: 'cubic' })
      .sharpen({ sigma: 2 })
      .jpeg({ quality })
      .toBuffer();
    const path = join(folder, `${width}x${height}_${String(n).padStart(4, '0')}.jpg`);
    writeFileSync(path, bytes);
    paths.push(path);
  }
  return paths;
}
