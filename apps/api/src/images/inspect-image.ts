import type { RejectionCode } from '@labelyard/contract';
import sharp from 'sharp';
import type { WeightedSlots } from '../concurrency/weighted-slots.js';
import { hasImageEnding } from './image-ending.js';
import { IMAGE_CONTENT_TYPES, imageSignature, SIGNATURE_BYTES, type ImageKind } from './image-signature.js';
import { openBytes } from './picture-bytes.js';
import type { FileContent } from './received-file.js';

// Only the three readers that are needed can be reached, whatever a file claims to be.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp'] });
// Every file is read once: libvips' cache of results would only hold memory and open files.
sharp.cache(false);
// One thread per image; several images run side by side instead.
sharp.concurrency(1);

/** Longest side of a thumbnail in pixels. */
export const THUMBNAIL_SIZE = 256;
const THUMBNAIL_QUALITY = 80;
/** Seconds after which a decode is given up: a hundred times what the largest allowed image needs. */
const DECODE_TIMEOUT_S = 60;
/** Pixels that count as one slot: what an image of this size takes to decode fits well below 100 MB. */
const PIXELS_PER_SLOT = 25_000_000;

export interface ImageFacts {
  readonly content_type: string;
  /** Pixels of the displayed image: EXIF orientation applied. */
  readonly width: number;
  readonly height: number;
  /** JPEG that fits 256×256, upright, sRGB, transparency on white. */
  readonly thumbnail: Buffer;
}

export type Inspection =
  | { readonly ok: true; readonly facts: ImageFacts }
  | { readonly ok: false; readonly code: RejectionCode; readonly message: string };

export interface InspectOptions {
  /** Larger images are refused before a pixel is decoded. */
  readonly max_pixels: number;
  /** How many decodes may run at once in this process. */
  readonly slots: WeightedSlots;
}

/**
 * Decides whether a file is an image that can be labeled: kind by its bytes, size in pixels, and one full decode which
 * proves it whole and leaves the thumbnail behind. Never trusts names, content types or headers.
 *
 * @param content bytes, or the path of a file on the local disk; nothing else writes to it meanwhile
 */
export async function inspectImage(content: FileContent, { max_pixels, slots }: InspectOptions): Promise<Inspection> {
  const kind = await soundKind(content);
  if (typeof kind === 'object') return kind;
  // Pixels are counted here, from the header, so that the message can name them.
  const input = { failOn: 'truncated', limitInputPixels: false } as const;
  let width: number, height: number;
  try {
    const metadata = await sharp(content, input).metadata();
    if ((metadata.pages ?? 1) > 1)
      return refused('unsupported_image_type', `Animated ${kind} is not supported: upload single frames.`);
    ({ width, height } = metadata.autoOrient);
  } catch {
    return refused('damaged_image', `The header of this ${kind} cannot be read: the file is damaged.`);
  }
  if (width * height > max_pixels) {
    return refused(
      'too_many_pixels',
      `The image has ${width} × ${height} pixels; at most ${max_pixels} are allowed. Tile it or scale it down.`,
    );
  }
  return slots.run(Math.ceil((width * height) / PIXELS_PER_SLOT), async (): Promise<Inspection> => {
    try {
      const thumbnail = await sharp(content, input)
        .timeout({ seconds: DECODE_TIMEOUT_S })
        .autoOrient()
        .resize(THUMBNAIL_SIZE, THUMBNAIL_SIZE, { fit: 'inside', withoutEnlargement: true })
        .flatten({ background: '#ffffff' })
        .toColourspace('srgb')
        .jpeg({ quality: THUMBNAIL_QUALITY })
        .toBuffer();
      return { ok: true, facts: { content_type: IMAGE_CONTENT_TYPES[kind], width, height, thumbnail } };
    } catch (error) {
      const reason = error instanceof Error ? (error.message.split('\n')[0] as string) : String(error);
      return refused(
        'damaged_image',
        `The image cannot be decoded to its end (${reason}): the file is cut short or damaged.`,
      );
    }
  });
}

/** The kind by its first bytes, if the file also ends the way its format ends. */
async function soundKind(content: FileContent): Promise<ImageKind | (Inspection & { ok: false })> {
  await using bytes = await openBytes(content);
  if (bytes.size === 0) return refused('empty_file', 'The file is empty (0 bytes).');
  const signature = imageSignature(await bytes.at(0, SIGNATURE_BYTES));
  if (!signature) return refused('not_an_image', 'The file is not an image. JPEG, PNG and WebP are read.');
  if ('unsupported' in signature) {
    return refused(
      'unsupported_image_type',
      `${signature.unsupported} images are not supported: convert to JPEG, PNG or WebP.`,
    );
  }
  if (!(await hasImageEnding(bytes, signature.kind))) {
    return refused(
      'damaged_image',
      `The end of this ${signature.kind} is missing: the file was cut short. Copy it again.`,
    );
  }
  return signature.kind;
}

function refused(code: RejectionCode, message: string): Inspection & { ok: false } {
  return { ok: false, code, message };
}
