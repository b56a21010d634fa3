import type { KeypointsGeometry, TextGeometry } from '@labelyard/domain';
import { rounded, type ByteWriter } from '../byte-writer.js';
import type { ExportAnnotation, ExportClass } from '../codec.js';
import { keypointBox } from '../keypoint-box.js';
import { isCrowd } from './coco-attributes.js';
import type { CocoTally } from './coco-report.js';
import type { ImageSizes } from './image-sizes.js';

/** Rows of the files beside instances. Each writes what follows `"id":…,"image_id":…`, or answers false with the reason in the tally. */

/** Keypoints with the box around them, which is the segmentation too: scorers of boxes and masks find something. */
export function writeKeypoints(
  row: ExportAnnotation,
  category: ExportClass,
  out: ByteWriter,
  images: ImageSizes,
  tally: CocoTally,
): boolean {
  const geometry = JSON.parse(row.geometry) as KeypointsGeometry;
  const points = [...geometry.points];
  const expected = category.keypoints?.length || points.length;
  if (points.length > expected) {
    tally.dropped('wrong_keypoints', row.id);
    return false;
  }
  if (points.length < expected) tally.converted('keypoints_padded', row.id);
  while (points.length < expected) points.push([0, 0, 0]);
  const box = keypointBox(geometry, images.sizeOf(row.image_id));
  if (!box) {
    tally.dropped('no_extent', row.id);
    return false;
  }
  const [x, y, w, h] = box.map(rounded) as unknown as typeof box;
  const [right, bottom] = [rounded(x + w), rounded(y + h)];
  const labeled = points.filter(([, , v]) => v > 0).length;
  out.text(
    `,"bbox":[${x},${y},${w},${h}],"area":${rounded(w * h)},"iscrowd":${Number(isCrowd(row))},` +
      `"segmentation":[[${x},${y},${right},${y},${right},${bottom},${x},${bottom}]],` +
      `"num_keypoints":${labeled},"keypoints":[${points.flat().join()}]`,
  );
  writeAttributes(row, out);
  return true;
}

/** Readers of captions look at `caption` only; the rest lets us read it back. */
export function writeCaption(row: ExportAnnotation, out: ByteWriter, tally: CocoTally): boolean {
  const { text, label_type, language, question } = JSON.parse(row.geometry) as TextGeometry;
  if (label_type === 'qa') tally.converted('qa_as_caption', row.id);
  const words = JSON.stringify({ caption: text, label_type, language, ...(question !== undefined && { question }) });
  out.text(`,${words.slice(1, -1)}`);
  writeAttributes(row, out);
  return true;
}

export function writeAttributes({ attributes }: Pick<ExportAnnotation, 'attributes'>, out: ByteWriter): void {
  if (attributes !== '{}') out.text(`,"attributes":${attributes}`);
}
