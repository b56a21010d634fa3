import sharp, { type Sharp } from 'sharp';

/** A patch of one flat colour in a picture: something to aim at. Image pixels. */
export interface Mark {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly color: string;
}

export interface PhotoOptions {
  readonly width?: number;
  readonly height?: number;
  /** The same seed gives the same picture, byte for byte. */
  readonly seed?: number;
  readonly marks?: readonly Mark[];
  readonly format?: 'jpeg' | 'png' | 'webp';
}

/** Photo-like: a sky, hills, soft things and grain, so that it compresses and looks like what people upload. */
export async function photo(options: PhotoOptions = {}): Promise<Buffer> {
  const { format = 'jpeg' } = options;
  const picture = scene(options);
  if (format === 'png') return picture.png({ compressionLevel: 1 }).toBuffer();
  if (format === 'webp') return picture.webp({ quality: 85 }).toBuffer();
  return picture.jpeg({ quality: 88 }).toBuffer();
}

/** The same before it is written as a file, for pictures with something special about them. */
export function scene({ width = 1200, height = 800, seed = 1, marks = [] }: PhotoOptions = {}): Sharp {
  return sharp(Buffer.from(landscape(width, height, seed, marks)));
}

function landscape(width: number, height: number, seed: number, marks: readonly Mark[]): string {
  const next = random(seed);
  const hue = Math.round(next() * 360);
  const hill = (top: number, light: number) => {
    const points = Array.from({ length: 9 }, (_, i) => `${(i * width) / 8},${height * (top + next() * 0.15)}`);
    return `<polygon fill="hsl(${hue + 120} 30% ${light}%)" points="0,${height} ${points.join(' ')} ${width},${height}"/>`;
  };
  const things = Array.from({ length: 12 }, () => {
    const [x, y, r] = [next() * width, height * (0.5 + next() * 0.5), height * (0.02 + next() * 0.06)];
    return `<ellipse cx="${x}" cy="${y}" rx="${r}" ry="${r * (0.5 + next())}" fill="hsl(${next() * 360} 45% 45%)"/>`;
  });
  const patches = marks.map(
    (m) => `<rect x="${m.x}" y="${m.y}" width="${m.width}" height="${m.height}" fill="${m.color}"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs>
      <linearGradient id="sky" x2="0" y2="1">
        <stop stop-color="hsl(${hue} 60% 55%)"/><stop offset="1" stop-color="hsl(${hue + 40} 60% 85%)"/>
      </linearGradient>
    </defs>
    <rect width="${width}" height="${height}" fill="url(#sky)"/>
    ${hill(0.45, 40)}${hill(0.6, 30)}${things.join('')}${patches.join('')}
  </svg>`;
}

/** Mulberry32: small, fast, the same everywhere. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
