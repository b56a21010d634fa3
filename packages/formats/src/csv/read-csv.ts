import { ANNOTATION_STATES, TASK_TYPES } from '@labelyard/domain';
import { importRun, readingFile, type AnnotationDraft, type ImportDesk } from '../reading/import-desk.js';
import { utf8Chunks } from '../reading/file-text.js';
import type {
  ImportedImage,
  ImportFile,
  ImportOptions,
  ImportPlace,
  ImportRecord,
  ImportRun,
} from '../reading/import-codec.js';
import { isObject } from '../reading/record-fields.js';
import { UnreadableFile } from '../reading/unreadable-file.js';
import { splitNamed } from '../splits.js';
import { columnsOf, type CsvColumn } from './csv-columns.js';
import { csvRows, unguarded, type CsvRow } from './csv-rows.js';

/**
 * Reads tables: ours, and others with a row per box that name the image, the class, and corners (`xmin` …) or a corner and a size
 * (`x`, `y`, `w`, `h`) under one of many usual names. Plain pixels, counted as edges from 0.
 */
export function readCsv(files: readonly ImportFile[], options: ImportOptions = {}): ImportRun {
  return importRun('csv', options, async function* (desk) {
    const tables = files.filter(({ path }) => /\.(?:csv|tsv)$/iu.test(path));
    if (tables.length === 0) desk.issues.error('missing_file', { file: '' }, 'There is no .csv file');
    const images = new Map<string, ImportedImage | null>();
    for (const file of tables) yield* readingFile(desk, file, () => readTable(desk, file, images));
  });
}

type Cells = (column: CsvColumn) => string | undefined;

async function* readTable(
  desk: ImportDesk,
  file: ImportFile,
  images: Map<string, ImportedImage | null>,
): AsyncGenerator<ImportRecord> {
  let columns: Map<CsvColumn, number> | null = null;
  let width = 0;
  for await (const row of csvRows(utf8Chunks(file))) {
    const at = { file: file.path, line: row.line };
    if (!columns) {
      columns = columnsOf(row.cells);
      width = row.cells.length;
      if (!columns.has('image'))
        throw new UnreadableFile('wrong_format', 'The first row names the columns; one of them is "image"', row.line);
      continue;
    }
    if (row.cells.length !== width) {
      desk.issues.error('bad_csv', at, `The row has ${row.cells.length} cells, the header ${width}`);
      continue;
    }
    yield* readRow(desk, cellsOf(row, columns), at, images);
  }
  if (!columns) throw new UnreadableFile('empty_file', 'The file is empty');
}

function cellsOf({ cells }: CsvRow, columns: ReadonlyMap<CsvColumn, number>): Cells {
  return (column) => {
    const place = columns.get(column);
    const cell = place === undefined ? '' : unguarded(cells[place] ?? '');
    return cell === '' ? undefined : cell;
  };
}

async function* readRow(
  desk: ImportDesk,
  cells: Cells,
  at: ImportPlace,
  images: Map<string, ImportedImage | null>,
): AsyncGenerator<ImportRecord> {
  const named = cells('image') ?? '';
  let image = images.get(named);
  if (image === undefined) {
    const [width, height] = [cells('width'), cells('height')].map((cell) =>
      cell === undefined ? undefined : Number(cell),
    );
    image = await desk.image(named, { width, height }, at, splitNamed(cells('split') ?? ''));
    images.set(named, image);
    if (image) yield image;
  } else if (!image) desk.issues.error('left_out', at, 'Its image was left out');
  if (!image) return;
  const draft = draftOf(desk, cells, at);
  const record = draft && desk.annotation(image, draft, at);
  if (record) yield record;
}

/** Null for the row of an image without annotations, and for what is no annotation; the issue says why. */
function draftOf(desk: ImportDesk, cells: Cells, at: ImportPlace): AnnotationDraft | null {
  const geometry = cells('geometry');
  const corners = cornersOf(cells);
  const class_name = cells('class') ?? null;
  if (geometry === undefined && !corners && class_name === null) return null;
  if (geometry === undefined && corners && areShares(corners)) {
    desk.issues.error(
      'bad_geometry',
      at,
      'The corners lie between 0 and 1: pixels are expected, not shares of the image',
    );
    return null;
  }
  const task_type = TASK_TYPES.find((task) => task === cells('task_type'));
  const state = ANNOTATION_STATES.find((one) => one === cells('state'));
  const confidence = cells('confidence');
  const id = Number(cells('id') ?? NaN);
  const attributes = cells('attributes');
  return {
    geometry:
      geometry !== undefined
        ? parsed(desk, geometry, at)
        : corners
          ? { type: 'bbox', bbox: corners }
          : { type: 'classification' },
    class_name,
    ...(task_type && { task_type }),
    ...(confidence !== undefined && { confidence: Number(confidence) }),
    ...(attributes !== undefined && { attributes: attributesOf(desk, attributes, at) }),
    ...((state !== undefined || Number.isSafeInteger(id)) && {
      origin: { ...(Number.isSafeInteger(id) && { id }), ...(state && { state }) },
    }),
  };
}

/** [x, y, width, height]; null when the row has none at all. */
function cornersOf(cells: Cells): number[] | null {
  const far = [cells('xmin'), cells('ymin'), cells('xmax'), cells('ymax')];
  if (far.some((cell) => cell !== undefined)) {
    const [left, top, right, bottom] = far.map((cell) => Number(cell ?? NaN)) as [number, number, number, number];
    return [left, top, right - left, bottom - top];
  }
  const sized = [cells('x'), cells('y'), cells('w'), cells('h')];
  return sized.some((cell) => cell !== undefined) ? sized.map((cell) => Number(cell ?? NaN)) : null;
}

/** As pixels they would all lie in the first one. */
function areShares(numbers: readonly number[]): boolean {
  return numbers.every((value) => value >= 0 && value <= 1) && !numbers.every(Number.isInteger);
}

function parsed(desk: ImportDesk, text: string, at: ImportPlace): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    desk.issues.warn('bad_json', at, error instanceof Error ? error.message : 'The geometry is no JSON');
    return null;
  }
}

function attributesOf(desk: ImportDesk, text: string, at: ImportPlace): Record<string, unknown> {
  const value = parsed(desk, text, at);
  return isObject(value) ? { ...value } : {};
}
