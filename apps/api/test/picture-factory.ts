import { randomBytes } from 'node:crypto';
import { constants, crc32, deflateRawSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

/** Corner colours of `picture`, clockwise from the top left, as they must be displayed. */
export const CORNERS = ['#ff0000', '#00ff00', '#0000ff', '#ffff00'] as const;

/** A picture whose four quarters are red, green, blue and yellow, clockwise from the top left. */
export function picture(width: number, height: number): Sharp {
  const [left, top] = [Math.floor(width / 2), Math.floor(height / 2)];
  const quarter = (color: string, x: number, y: number) => ({
    input: {
      create: {
        width: x ? width - left : left,
        height: y ? height - top : top,
        channels: 3 as const,
        background: color,
      },
    },
    left: x,
    top: y,
  });
  return sharp({ create: { width, height, channels: 3, background: '#808080' } }).composite([
    quarter(CORNERS[0], 0, 0),
    quarter(CORNERS[1], left, 0),
    quarter(CORNERS[2], left, top),
    quarter(CORNERS[3], 0, top),
  ]);
}

export function jpeg(width = 320, height = 200): Promise<Buffer> {
  return picture(width, height).jpeg({ quality: 90 }).toBuffer();
}

/** How the stored pixels must be turned so that EXIF orientation `n` displays them upright again. */
const STORED: Readonly<Record<number, { turn: number; mirror: boolean }>> = {
  1: { turn: 0, mirror: false },
  2: { turn: 0, mirror: true },
  3: { turn: 180, mirror: false },
  4: { turn: 180, mirror: true },
  5: { turn: 90, mirror: true },
  6: { turn: 270, mirror: false },
  7: { turn: 270, mirror: true },
  8: { turn: 90, mirror: false },
};

/** A JPEG that is displayed `width` × `height` and upright, stored with EXIF orientation `n`. */
export async function orientedJpeg(n: number, width = 320, height = 200): Promise<Buffer> {
  const { turn, mirror } = STORED[n] as { turn: number; mirror: boolean };
  const upright = await picture(width, height).png().toBuffer();
  // Two steps: in one pipeline sharp mirrors before it turns.
  const turned = await sharp(upright).rotate(turn).png().toBuffer();
  return sharp(turned).flop(mirror).withMetadata({ orientation: n }).jpeg({ quality: 95 }).toBuffer();
}

/** Colours in the middle of the four quarters, clockwise from the top left, each channel rounded to 0 or 255. */
export async function cornerColors(bytes: Buffer): Promise<string[]> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => {
    const offset = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
    return `#${[...data.subarray(offset, offset + 3)].map((value) => (value > 127 ? 'ff' : '00')).join('')}`;
  };
  return [at(0.25, 0.25), at(0.75, 0.25), at(0.75, 0.75), at(0.25, 0.75)];
}

/** An uncompressed PNG of noise, about `megabytes` large. */
export async function largePng(megabytes: number): Promise<Buffer> {
  const side = Math.floor(Math.sqrt((megabytes * 1024 * 1024) / 3));
  return sharp(randomBytes(side * side * 3), { raw: { width: side, height: side, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer();
}

/**
 * A valid 1-bit PNG of `side` × `side` black pixels in a few hundred kilobytes: the compressed form of one block of zeros,
 * repeated (a full flush makes blocks independent of each other).
 */
export function bombPng(side: number): Buffer {
  const total = (Math.ceil(side / 8) + 1) * side;
  const unit = 1024 * 1024;
  const block = deflateRawSync(Buffer.alloc(unit), { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  const rest = deflateRawSync(Buffer.alloc(total % unit), { level: 9 });
  const adler = Buffer.alloc(4);
  adler.writeUInt32BE((((total % 65_521) << 16) | 1) >>> 0);
  const data = Buffer.concat([
    Buffer.from([0x78, 0xda]),
    ...Array.from({ length: Math.floor(total / unit) }, () => block),
    rest,
    adler,
  ]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 1;
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', data),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body) >>> 0, 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
