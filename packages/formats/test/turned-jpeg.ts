import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A picture of 64 × 48 stored pixels whose EXIF says how it is to be turned for people. */
export function turnedJpeg(orientation: number): Uint8Array {
  const stored = readFileSync(join(import.meta.dirname, '__fixtures__/stored.jpg'));
  // TIFF of one entry: tag 0x0112, one short.
  const entry = [0x01, 0x12, 0x00, 0x03, 0x00, 0x00, 0x00, 0x01, 0x00, orientation, 0x00, 0x00];
  const tiff = [0x4d, 0x4d, 0x00, 0x2a, 0x00, 0x00, 0x00, 0x08, 0x00, 0x01, ...entry, 0x00, 0x00, 0x00, 0x00];
  const exif = [...Buffer.from('Exif\0\0', 'latin1'), ...tiff];
  const segment = [0xff, 0xe1, (exif.length + 2) >> 8, (exif.length + 2) & 0xff, ...exif];
  return Buffer.concat([stored.subarray(0, 2), Buffer.from(segment), stored.subarray(2)]);
}
