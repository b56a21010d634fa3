import sharp, { type Sharp } from 'sharp';
import { crc32, deflateSync } from 'node:zlib';
import { photo, scene, type PhotoOptions } from './photo';

/** A JPEG whose pixels lie as the camera was held: viewers turn it upright by its EXIF orientation (1 to 8). */
export async function exifRotated(orientation: number, options: PhotoOptions): Promise<Buffer> {
  const upright = scene(options);
  const turned: Record<number, (image: Sharp) => Sharp> = {
    3: (image) => image.rotate(180),
    6: (image) => image.rotate(270),
    8: (image) => image.rotate(90),
  };
  const turn = turned[orientation] ?? ((image) => image);
  const pixels = await turn(sharp(await upright.png().toBuffer())).toBuffer();
  return sharp(pixels).withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer();
}

/** As print shops deliver: four inks instead of three lights. */
export async function cmykJpeg(options: PhotoOptions): Promise<Buffer> {
  return sharp(await scene(options).png().toBuffer())
    .toColourspace('cmyk')
    .jpeg({ quality: 92 })
    .toBuffer();
}

/** A PNG whose left half is fully transparent. */
export async function halfTransparentPng({ width = 640, height = 480, ...rest }: PhotoOptions): Promise<Buffer> {
  const opaque = await sharp(
    await scene({ ...rest, width, height })
      .png()
      .toBuffer(),
  )
    .removeAlpha()
    .toBuffer();
  const alpha = Buffer.alloc(width * height, 255);
  for (let y = 0; y < height; y += 1) alpha.fill(0, y * width, y * width + width / 2);
  return sharp(opaque)
    .joinChannel(alpha, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
}

/** A photograph of at least so many bytes: noise does not compress. */
export async function largePng(bytes: number): Promise<Buffer> {
  const side = Math.ceil(Math.sqrt(bytes / 3));
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  return sharp({ create: { width: side, height: side, channels: 3, background: '#888', noise } })
    .png({ compressionLevel: 0 })
    .toBuffer();
}

/** A transfer that broke off: the first two thirds of a JPEG. */
export async function truncatedJpeg(): Promise<Buffer> {
  const whole = await photo({ seed: 11 });
  return whole.subarray(0, Math.floor((whole.length * 2) / 3));
}

/** A few hundred bytes that claim to be 900 million pixels. */
export function bombPng(side = 30_000): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  // Eight bits of grey, no interlacing.
  header.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(100_000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
