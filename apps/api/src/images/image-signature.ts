/** Image kinds that are read here, by content type. */
export const IMAGE_CONTENT_TYPES = { jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp' } as const;
export type ImageKind = keyof typeof IMAGE_CONTENT_TYPES;

export type Signature = { kind: ImageKind } | { unsupported: string } | null;

/** Bytes `imageSignature` wants to see. */
export const SIGNATURE_BYTES = 64;

interface Rule {
  readonly at: number;
  readonly bytes: string;
  readonly means: Exclude<Signature, null>;
}

const RULES: readonly Rule[] = [
  { at: 0, bytes: '\xff\xd8\xff', means: { kind: 'jpeg' } },
  { at: 0, bytes: '\x89PNG\r\n\x1a\n', means: { kind: 'png' } },
  { at: 8, bytes: 'WEBP', means: { kind: 'webp' } },
  { at: 0, bytes: 'GIF8', means: { unsupported: 'GIF' } },
  { at: 0, bytes: 'BM', means: { unsupported: 'BMP' } },
  { at: 0, bytes: 'II*\0', means: { unsupported: 'TIFF' } },
  { at: 0, bytes: 'MM\0*', means: { unsupported: 'TIFF' } },
  { at: 0, bytes: 'II+\0', means: { unsupported: 'BigTIFF' } },
  { at: 0, bytes: 'MM\0+', means: { unsupported: 'BigTIFF' } },
  { at: 0, bytes: '8BPS', means: { unsupported: 'Photoshop' } },
  { at: 0, bytes: '\xff\x0a', means: { unsupported: 'JPEG XL' } },
  { at: 0, bytes: '\0\0\0\x0cJXL ', means: { unsupported: 'JPEG XL' } },
  { at: 0, bytes: '\0\0\0\x0cjP  ', means: { unsupported: 'JPEG 2000' } },
  { at: 0, bytes: '%PDF', means: { unsupported: 'PDF' } },
];

/** Brands of the ISO base media container (`ftyp` box) that hold pictures. */
const CONTAINER_BRANDS: Readonly<Record<string, string>> = {
  avif: 'AVIF',
  avis: 'AVIF',
  heic: 'HEIC',
  heix: 'HEIC',
  heim: 'HEIC',
  heis: 'HEIC',
  hevc: 'HEIC',
  hevx: 'HEIC',
  mif1: 'HEIF',
  msf1: 'HEIF',
};

/**
 * What a file is by its first bytes; names and announced content types lie. Null for what is no image at all.
 *
 * @param head the first {@link SIGNATURE_BYTES} of the file, or all of a shorter one
 */
export function imageSignature(head: Uint8Array): Signature {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  const rule = RULES.find(({ at, bytes }) => text.startsWith(bytes, at));
  if (rule) return 'kind' in rule.means && rule.means.kind === 'webp' && !text.startsWith('RIFF') ? null : rule.means;
  if (text.startsWith('ftyp', 4)) {
    const container = CONTAINER_BRANDS[text.slice(8, 12)];
    return container ? { unsupported: container } : null;
  }
  return /^(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<svg|<!DOCTYPE svg)/isu.test(text)
    ? { unsupported: 'SVG' }
    : null;
}
