import type { Geometry, TextGeometry } from '@labelyard/domain';
import { rounded } from '../byte-writer.js';
import {
  SPLITS,
  type ExportAnnotation,
  type ExportClass,
  type ExportedFile,
  type ExportedPicture,
  type ExportImage,
  type ExportRun,
  type ExportSource,
  type Split,
} from '../codec.js';
import { ExportTally } from '../export-tally.js';
import { geometryOfRow, imagesWithRows } from '../image-rows.js';
import { splitOf, type SplitShares } from '../splits.js';
import { BACKGROUND, DICE_TASKS } from './dice-terms.js';

export interface DiceOptions {
  /** For images whose split nobody chose; 70 : 20 : 10 unless said otherwise, as DICE always had it. */
  readonly shares?: SplitShares;
}

const FILE_NAME = 'annotations.json';
const SHARES: SplitShares = { train: 70, val: 20, test: 10 };

/** Codes are a contract with readers of reports: add, do not rename. */
const REASONS = {
  dropped: {
    unknown_class: 'The annotation has no class, or one that is not part of this export.',
    unknown_image: 'The image of the annotation is not part of this export.',
    unreadable_geometry: 'The stored geometry is not JSON.',
  },
  converted: {},
  noted: {},
} as const;

/**
 * Writes the native format, one JSON file: all that DICE 1.0 has, and beside it what the annotation is in our own terms (`geometry`,
 * task type, confidence, state, people and times), so that reading it back loses nothing. One image per line.
 */
export function writeDice(source: ExportSource, { shares = SHARES }: DiceOptions = {}): ExportRun {
  const classes = source.head.classes.filter(({ task_type }) => source.head.task_types.includes(task_type));
  const tally = new ExportTally('dice', classes, REASONS);
  async function* files(): AsyncGenerator<ExportedFile> {
    yield { path: FILE_NAME, chunks: chunks(source, classes, shares, tally) };
  }
  return { files: files(), pictures: () => pictures(source), report: () => tally.report() };
}

async function* pictures(source: ExportSource): AsyncGenerator<ExportedPicture> {
  for await (const batch of source.images()) {
    for (const { id, path } of batch) yield { image_id: id, path: `images/${path}` };
  }
}

type Tally = ExportTally<keyof typeof REASONS.dropped, never, never>;

const CHUNK = 256 * 1024;

async function* chunks(
  source: ExportSource,
  classes: readonly ExportClass[],
  shares: SplitShares,
  tally: Tally,
): AsyncGenerator<string> {
  const { project, version, date, task_types } = source.head;
  const head = {
    format_version: '1.0',
    dataset_id: String(project.id),
    dataset_name: project.name,
    task_type: DICE_TASKS[task_types[0] ?? 'detection'],
    task_types,
    version: version ?? 'working copy',
    ...(date !== null && { created_at: date, last_modified_at: date }),
    storage_info: { image_root: 'images/' },
    classes: classes.map(({ name, color, task_type, keypoints, skeleton }, id) => ({
      id,
      name,
      ...(color !== undefined && { color }),
      supercategory: 'object',
      task_type,
      ...(keypoints?.length && { keypoints, skeleton: skeleton ?? [] }),
    })),
  };
  let text = `${JSON.stringify(head).slice(0, -1)},\n"images":[`;
  let separator = '\n';
  const statistics = new Statistics(classes);
  for await (const { image, rows } of imagesWithRows(source, ({ id }) => tally.dropped('unknown_image', id))) {
    const split = splitOf(image, shares);
    text += separator + imageJson(image, split, rows, { classes, tally, statistics });
    separator = ',\n';
    statistics.image(split);
    tally.imagesWritten(1);
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  yield `${text}\n],\n"statistics":${statistics.json()}}\n`;
  tally.finish();
}

class Statistics {
  private images = 0;
  private annotations = 0;
  private readonly byClass: Record<string, number>;
  private readonly bySplit: Record<string, number> = Object.fromEntries(SPLITS.map((split) => [split, 0]));

  constructor(classes: readonly ExportClass[]) {
    // Without a prototype: a class may be called "constructor".
    this.byClass = Object.assign(
      Object.create(null) as Record<string, number>,
      Object.fromEntries(classes.map(({ name }) => [name, 0])),
    );
  }

  image(split: Split): void {
    this.images++;
    this.bySplit[split] = (this.bySplit[split] ?? 0) + 1;
  }

  annotation(name: string | null): void {
    this.annotations++;
    if (name !== null) this.byClass[name] = (this.byClass[name] ?? 0) + 1;
  }

  json(): string {
    return JSON.stringify({
      total_images: this.images,
      total_annotations: this.annotations,
      avg_annotations_per_image: this.images ? rounded(this.annotations / this.images) : 0,
      class_distribution: this.byClass,
      split_distribution: this.bySplit,
    });
  }
}

interface Scope {
  readonly classes: readonly ExportClass[];
  readonly tally: Tally;
  readonly statistics: Statistics;
}

function imageJson(image: ExportImage, split: Split, rows: readonly ExportAnnotation[], scope: Scope): string {
  const annotations: string[] = [];
  const captions: string[] = [];
  const answers: string[] = [];
  for (const row of rows) {
    const geometry = geometryOfRow(row);
    const class_index = scope.classes.findIndex(({ id }) => id === row.class_id);
    const isText = geometry?.type === 'text';
    if (!geometry) scope.tally.dropped('unreadable_geometry', row.id);
    else if (class_index < 0 && !isText && geometry.type !== 'no_object') scope.tally.dropped('unknown_class', row.id);
    else {
      if (!isText)
        annotations.push(annotationJson(row, geometry, class_index, scope.classes[class_index]?.name ?? BACKGROUND));
      else (geometry.label_type === 'qa' ? answers : captions).push(textJson(row, geometry));
      scope.tally.written(class_index < 0 ? null : row.class_id);
      scope.statistics.annotation(scope.classes[class_index]?.name ?? null);
    }
  }
  const { id, path, width, height, channels = 3 } = image;
  const format = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  const head = JSON.stringify({
    ...{ id, file_name: path, file_format: format, width, height, depth: channels, split },
    // Nobody put it there: consumers take the split all the same, a reader of ours does not.
    ...(!image.split && { split_chosen: false }),
  });
  const texts = [
    captions.length ? `,"image_captions":[${captions.join()}]` : '',
    answers.length ? `,"vqa_pairs":[${answers.join()}]` : '',
  ].join('');
  return `${head.slice(0, -1)},"annotations":[${annotations.join()}]${texts}}`;
}

/** What was drawn is copied digit by digit; the keys of DICE beside it are made from it. */
function annotationJson(row: ExportAnnotation, geometry: Geometry, class_id: number, class_name: string): string {
  const head = JSON.stringify({
    id: row.id,
    image_id: row.image_id,
    class_id,
    class_name,
    ...measures(row, geometry),
    ...origin(row),
  });
  return `${head.slice(0, -1)},"attributes":${row.attributes},"geometry":${row.geometry}}`;
}

function measures(row: ExportAnnotation, geometry: Geometry): object {
  const { bbox_x, bbox_y, bbox_w, bbox_h } = row;
  const bbox = { bbox: [bbox_x, bbox_y, bbox_w, bbox_h].map((value) => rounded(value ?? 0)), bbox_format: 'xywh' };
  const area = { area: rounded(row.area ?? 0) };
  switch (geometry.type) {
    case 'bbox':
    case 'rotated_bbox':
    case 'mask':
      return { ...bbox, ...area, iscrowd: 0 };
    case 'polygon':
      return { segmentation: geometry.polygons.map(([outer]) => outer.flat()), ...bbox, ...area, iscrowd: 0 };
    case 'polyline':
      return { polyline: geometry.points.flat(), ...bbox };
    case 'circle':
      return { circle: { center: geometry.center, radius: geometry.radius }, ...bbox, ...area };
    case 'keypoints':
      return { keypoints: geometry.points.flat(), ...bbox };
    case 'no_object':
      return { is_background: true };
    case 'classification':
    case 'text':
      return {};
  }
}

function textJson(row: ExportAnnotation, { text, question, language, label_type }: TextGeometry): string {
  const words = question === undefined ? { text, language, label_type } : { question, answer: text, language };
  const head = JSON.stringify({ id: row.id, ...words, ...origin(row) });
  return row.attributes === '{}' ? head : `${head.slice(0, -1)},"attributes":${row.attributes}}`;
}

function origin(row: ExportAnnotation): object {
  const {
    task_type,
    confidence,
    source,
    state,
    created_by,
    updated_by,
    created_at,
    updated_at,
    confirmed_by,
    confirmed_at,
  } = row;
  return {
    task_type,
    confidence,
    source,
    annotation_state: state,
    created_by,
    updated_by,
    created_at,
    updated_at,
    confirmed_by,
    confirmed_at,
  };
}
