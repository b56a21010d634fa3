import { rounded } from '../byte-writer.js';
import type {
  ExportAnnotation,
  ExportClass,
  ExportedFile,
  ExportedPicture,
  ExportImage,
  ExportRun,
  ExportSource,
} from '../codec.js';
import { ExportTally } from '../export-tally.js';
import { imagesWithRows } from '../image-rows.js';
import { CSV_COLUMNS } from './csv-columns.js';
import { csvCell } from './csv-rows.js';

/** Codes are a contract with readers of reports: add, do not rename. */
const REASONS = {
  dropped: {
    unknown_class: 'The annotation has no class, or one that is not part of this export.',
    unknown_image: 'The image of the annotation is not part of this export.',
  },
  converted: {},
  noted: {},
} as const;

const CHUNK = 256 * 1024;

/** Writes one table, `annotations.csv`: a row per annotation, and one with empty cells for an image without any. */
export function writeCsv(source: ExportSource): ExportRun {
  const classes = source.head.classes.filter(({ task_type }) => source.head.task_types.includes(task_type));
  const tally = new ExportTally('csv', classes, REASONS);
  async function* chunks(): AsyncGenerator<string> {
    let text = `${CSV_COLUMNS.join()}\r\n`;
    for await (const { image, rows } of imagesWithRows(source, ({ id }) => tally.dropped('unknown_image', id))) {
      const lines: string[] = [];
      for (const row of rows) {
        const named = classes.find(({ id }) => id === row.class_id);
        if (!named && row.annotation_type !== 'text' && row.annotation_type !== 'no_object') {
          tally.dropped('unknown_class', row.id);
          continue;
        }
        lines.push(line(image, row, named));
        tally.written(named?.id ?? null);
      }
      if (lines.length === 0) lines.push(line(image));
      tally.imagesWritten(1);
      text += lines.join('');
      if (text.length < CHUNK) continue;
      yield text;
      text = '';
    }
    yield text;
    tally.finish();
  }
  async function* files(): AsyncGenerator<ExportedFile> {
    yield { path: 'annotations.csv', chunks: chunks() };
  }
  return { files: files(), pictures: () => pictures(source), report: () => tally.report() };
}

async function* pictures(source: ExportSource): AsyncGenerator<ExportedPicture> {
  for await (const batch of source.images()) {
    for (const { id, path } of batch) yield { image_id: id, path: `images/${path}` };
  }
}

function line({ path, width, height, split }: ExportImage, row?: ExportAnnotation, named?: ExportClass): string {
  const { bbox_x: x, bbox_y: y, bbox_w: w, bbox_h: h, area } = row ?? {};
  const box =
    x == null || y == null || w == null || h == null
      ? [null, null, null, null]
      : [x, y, rounded(x + w), rounded(y + h)];
  const cells = [
    ...[path, width, height, split],
    ...[
      row?.id,
      row?.task_type ?? named?.task_type,
      row?.annotation_type,
      named?.name,
      ...box,
      area == null ? null : rounded(area),
    ],
    ...[row?.confidence, row?.state, row && row.attributes !== '{}' ? row.attributes : null, row?.geometry],
  ];
  return `${cells.map(csvCell).join()}\r\n`;
}
