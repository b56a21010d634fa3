import sharp from 'sharp';
import type { Mark } from './photo';

/** Where a patch of one colour is seen on a screenshot, in its pixels; null when nowhere. Tolerates anti-aliased edges. */
export async function findMark(
  screenshot: Buffer,
  color: string,
): Promise<Pick<Mark, 'x' | 'y' | 'width' | 'height'> | null> {
  const wanted = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  const { data, info } = await sharp(screenshot).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  for (let y = 0; y < info.height; y += 1)
    for (let x = 0; x < info.width; x += 1) {
      const at = (y * info.width + x) * info.channels;
      if (wanted.some((value, channel) => Math.abs((data[at + channel] ?? 0) - value) > 24)) continue;
      left = Math.min(left, x);
      top = Math.min(top, y);
      right = Math.max(right, x + 1);
      bottom = Math.max(bottom, y + 1);
    }
  return right < 0 ? null : { x: left, y: top, width: right - left, height: bottom - top };
}
