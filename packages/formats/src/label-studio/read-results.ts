import { TASK_TYPES } from '@labelyard/domain';
import type { AnnotationDraft, ImportDesk } from '../reading/import-desk.js';
import type { ImportedImage, ImportPlace, ImportRecord } from '../reading/import-codec.js';
import { isObject, type Fields } from '../reading/record-fields.js';
import { answerOf, HIDDEN, MOST_NUMBERED, TAGS, textOfTag } from './label-studio-tags.js';
import type { LabelingConfig } from './read-config.js';
import { geometryOfResult, labelsIn, pointOfValue, shapeKind, wordOf } from './result-shapes.js';
import type { TaskImages } from './task-image.js';

/** What is the same for all tasks of an import. */
export interface Frame {
  readonly config: LabelingConfig | null;
  readonly images: TaskImages;
  readonly language: string;
}

/** Of a task, the annotation that counts. */
export interface ChosenResults {
  readonly results: readonly unknown[];
  readonly at: ImportPlace;
  readonly isPrediction: boolean;
  readonly score?: unknown;
}

export const below = (at: ImportPlace, path: string): ImportPlace => ({
  ...at,
  path: at.path === undefined || at.path === '' ? path : `${at.path}.${path}`,
});

/** A result that is an object, with what it says at the top. */
interface Result {
  readonly row: Fields;
  readonly value: Fields;
  readonly type: string;
  readonly id: string;
  readonly from_name: string;
  readonly at: ImportPlace;
}

function resultsOf(desk: ImportDesk, { results, at }: ChosenResults): Result[] {
  return results.flatMap((row, n): Result[] => {
    const place = below(at, `result.${n}`);
    const refuse = (code: 'not_an_object' | 'missing_key' | 'unsupported_shape', message: string) => {
      desk.issues.error(code, place, message);
      return [];
    };
    if (!isObject(row)) return refuse('not_an_object', 'A result is an object');
    const type = typeof row['type'] === 'string' ? row['type'].toLowerCase() : '';
    if (type === 'relation') return refuse('unsupported_shape', 'Relations between regions have no place with us');
    if (!isObject(row['value'])) return refuse('missing_key', 'A result has a value');
    const { id, from_name } = row;
    return [{
      row,
      value: row['value'],
      type,
      id: typeof id === 'string' || typeof id === 'number' ? String(id) : `result.${n}`,
      from_name: typeof from_name === 'string' ? from_name : '',
      at: place,
    }]; // prettier-ignore
  });
}

/** Turns the results of one annotation into annotations of ours. */
export function* readResults(
  desk: ImportDesk,
  image: ImportedImage,
  chosen: ChosenResults,
  frame: Frame,
): Generator<ImportRecord> {
  const all = resultsOf(desk, chosen);
  const shapes = new Set(all.filter(({ type, value }) => shapeKind(type, value)).map(({ id }) => id));
  // With <Labels> beside a tool, a region stands twice: with its label and without.
  const labeled = new Set(
    all.filter(({ type, value }) => type.endsWith('labels') && shapeKind(type, value)).map(({ id }) => id),
  );
  const said = Map.groupBy(
    all.filter(({ type, value, id }) => shapes.has(id) && !shapeKind(type, value)),
    ({ id }) => id,
  );
  const points = all.filter(({ type, value }) => shapeKind(type, value) === 'keypoint');
  const pointsOf = Map.groupBy(points, ({ row }) => (typeof row['parentID'] === 'string' ? row['parentID'] : ''));
  const regions = new Set(all.filter((one) => shapeKind(one.type, one.value) === 'rectangle').map(({ id }) => id));
  const scope: Scope = { desk, image, chosen, frame, said, pointsOf };
  const drafts: Draft[] = [];
  const parts = new Map<string, unknown[]>();
  for (const result of all) {
    const { type, value, id, at } = result;
    const shape = shapeKind(type, value);
    if (shape === 'keypoint' || (shape && !type.endsWith('labels') && labeled.has(id))) continue;
    if (!shape) {
      if (!said.has(id)) for (const one of statements(scope, result)) drafts.push(one);
      continue;
    }
    for (const draft of regionDrafts(scope, result, shape)) {
      const key = partKey(id, draft);
      const known = key === null ? undefined : parts.get(key);
      if (known) known.push(...(draft.geometry as { polygons: unknown[] }).polygons);
      else if (key === null) drafts.push({ draft, at });
      else {
        const polygons = [...(draft.geometry as { polygons: unknown[] }).polygons];
        parts.set(key, polygons);
        drafts.push({ draft: { ...draft, geometry: { type: 'polygon', polygons } }, at });
      }
    }
  }
  for (const loose of points.filter(({ row }) => !regions.has(row['parentID'] as string)))
    for (const one of loosePoint(scope, loose)) drafts.push(one);
  for (const { draft, at } of drafts) {
    const record = desk.annotation(image, draft, at);
    if (record) yield record;
  }
}

interface Scope {
  readonly desk: ImportDesk;
  readonly image: ImportedImage;
  readonly chosen: ChosenResults;
  readonly frame: Frame;
  /** Choices and texts about single regions. */
  readonly said: ReadonlyMap<string, readonly Result[]>;
  /** Keypoints by the region that they belong to. */
  readonly pointsOf: ReadonlyMap<string, readonly Result[]>;
}

interface Draft {
  readonly draft: AnnotationDraft;
  readonly at: ImportPlace;
}

/** Parts of one polygon are told by their ids, as we write them, and say the same of themselves. */
function partKey(id: string, { geometry, ...said }: AnnotationDraft): string | null {
  const found = /^(.+)_part\d+$/u.exec(id)?.[1];
  if (found === undefined || !isObject(geometry) || geometry['type'] !== 'polygon') return null;
  return JSON.stringify([found, said]);
}

/** One annotation per label of a region. */
function regionDrafts(
  scope: Scope,
  result: Result,
  shape: Exclude<ReturnType<typeof shapeKind>, 'keypoint' | null>,
): AnnotationDraft[] {
  const { desk, image, frame } = scope;
  const { row, value, at } = result;
  if (isTurned(desk, row, at)) return [];
  const labels = labelsIn(value);
  checkLabels(desk, frame, result, labels);
  const names = labels.length > 0 ? labels : [null];
  const belonging = shape === 'rectangle' ? scope.pointsOf.get(result.id) : undefined;
  const made = belonging
    ? names.map((name) => keypointsOf(scope, name, belonging))
    : names.map(() => geometryOfResult(shape, value, image));
  return made.flatMap((one, n): AnnotationDraft[] => {
    if (one === null) return [];
    if ('code' in one) {
      desk.issues.error(one.code, at, one.message);
      return [];
    }
    if ('remark' in one && one.remark) desk.issues.warn(one.remark[0], at, one.remark[1]);
    const name = names[n];
    return [{ ...common(scope, result), geometry: one.geometry, task_type: one.task_type, class_name: typeof name === 'string' ? name : null }]; // prettier-ignore
  });
}

/** Coordinates of a picture that was turned while it was labeled are those of the turned one. */
function isTurned(desk: ImportDesk, row: Fields, at: ImportPlace): boolean {
  const rotation = row['image_rotation'];
  if (rotation === undefined || rotation === null || rotation === 0) return false;
  desk.issues.error(
    'left_out',
    at,
    `The image was labeled turned by ${JSON.stringify(rotation).slice(0, 20)} degrees: turn it back in Label Studio`,
  );
  return true;
}

function checkLabels(desk: ImportDesk, { config }: Frame, { from_name, at }: Result, labels: readonly unknown[]): void {
  if (!config) return;
  const control = config.controls.get(from_name);
  if (!control) desk.issues.warn('unknown_class', at, `The configuration has no control "${from_name.slice(0, 100)}"`);
  for (const label of labels.map(wordOf)) {
    if (control && control.labels.size > 0 && !control.labels.has(label)) {
      desk.issues.warn(
        'unknown_class',
        at,
        `The control "${from_name.slice(0, 100)}" has no label "${label.slice(0, 100)}"`,
      );
    }
  }
}

/** Attributes, confidence and origin. */
function common({ chosen, said }: Scope, { row, id }: Result): Omit<AnnotationDraft, 'geometry'> {
  const { meta, score, origin } = row;
  const attributes: Record<string, unknown> = {};
  for (const { from_name, value, type } of said.get(id) ?? []) {
    const words = value['choices'] ?? value['text'] ?? value[type];
    attributes[from_name] = Array.isArray(words) && words.length === 1 ? (words[0] as unknown) : words;
  }
  if (isObject(meta) && meta['text'] !== undefined) Object.assign(attributes, attributesOf(meta['text']));
  const isModel = chosen.isPrediction || origin === 'prediction';
  const confidence = score ?? (chosen.isPrediction ? chosen.score : undefined);
  return {
    attributes,
    ...(confidence !== undefined && { confidence }),
    ...(isModel && { origin: { source: 'model' as const } }),
  };
}

/** An object as we write it, else the remark of a person. */
function attributesOf(text: unknown): Fields {
  const words = Array.isArray(text) ? (text as unknown[]) : [text];
  try {
    const value = words.length === 1 && typeof words[0] === 'string' ? (JSON.parse(words[0]) as unknown) : null;
    if (isObject(value)) return value;
  } catch {
    // A person's remark is no JSON.
  }
  return { note: words.map(wordOf).join('\n') };
}

// --- keypoints ------------------------------------------------------------------------------------------------------------------

function keypointsOf(scope: Scope, name: unknown, points: readonly Result[]) {
  const { desk, image, frame, said } = scope;
  const names = typeof name === 'string' ? (frame.config?.skeletons.get(name) ?? []) : [];
  const found = points.flatMap(({ row, value, id, at }) => {
    if (isTurned(desk, row, at)) return [];
    const point = pointOfValue(value, image);
    const isHidden = (said.get(id) ?? []).some(({ from_name, value: { choices } }) => from_name === TAGS.visibility && Array.isArray(choices) && choices.includes(HIDDEN)); // prettier-ignore
    if (point) return [{ label: wordOf(labelsIn(value)[0]), point: [...point, isHidden ? 1 : 2], at }];
    desk.issues.error('bad_geometry', at, 'A keypoint has x and y, numbers in percent');
    return [];
  });
  const labels = found.map(({ label }) => label);
  const places = names.length > 0 ? labels.map((label) => names.indexOf(label)) : numberedPlaces(labels);
  const placed: unknown[] = names.map(() => ABSENT);
  for (const [n, { label, point, at }] of found.entries()) {
    const place = places[n] as number;
    while (placed.length < place) placed.push(ABSENT);
    if (place >= 0) placed[place] = point;
    else desk.issues.error('unknown_class', at, `The skeleton of this class has no point "${label.slice(0, 100)}"`);
  }
  return placed.length === 0
    ? null
    : ({ task_type: 'keypoint', geometry: { type: 'keypoints', points: placed } } as const);
}

const ABSENT = [0, 0, 0] as const;

/** Where points of a class without names belong: as their numbers say, which we give them, else one after the other. */
function numberedPlaces(labels: readonly string[]): number[] {
  const numbers = labels.map((label) => (/^[1-9]\d*$/u.test(label) ? Number(label) : Infinity));
  const areNumbered = new Set(numbers).size === labels.length && numbers.every((number) => number <= MOST_NUMBERED);
  return labels.map((_, n) => (areNumbered ? (numbers[n] as number) - 1 : n));
}

/** A keypoint that belongs to no region is an annotation of one point. */
function loosePoint(scope: Scope, result: Result): Draft[] {
  const { desk, image, frame } = scope;
  const { row, value, at } = result;
  if (isTurned(desk, row, at)) return [];
  const labels = labelsIn(value);
  checkLabels(desk, frame, result, labels);
  const point = pointOfValue(value, image);
  if (!point) {
    desk.issues.error('bad_geometry', at, 'A keypoint has x and y, numbers in percent');
    return [];
  }
  const geometry = { type: 'keypoints', points: [[...point, 2]] };
  return (labels.length > 0 ? labels : [null]).map((name) => ({
    draft: {
      ...common(scope, result),
      task_type: 'keypoint',
      geometry,
      class_name: typeof name === 'string' ? name : null,
    },
    at,
  }));
}

// --- statements about the image -------------------------------------------------------------------------------------------------

function statements(scope: Scope, result: Result): Draft[] {
  const { desk, frame } = scope;
  const { type, value, from_name, at } = result;
  const listOf = (words: unknown): readonly unknown[] | null => (Array.isArray(words) ? words : null);
  if (type === 'choices') {
    const choices = listOf(value['choices']);
    if (!choices) return refused(desk, at, 'choices is a list');
    if (from_name === TAGS.no_object) {
      return choices.flatMap((choice): Draft[] => {
        const task_type = TASK_TYPES.find((task) => task === choice);
        if (!task_type) return refused(desk, at, 'Nothing to label for is a kind of task');
        return [{ draft: { ...common(scope, result), task_type, geometry: { type: 'no_object' } }, at }];
      });
    }
    checkLabels(desk, frame, result, choices);
    return choices.map((name) => ({
      draft: {
        ...common(scope, result),
        geometry: { type: 'classification' },
        class_name: typeof name === 'string' ? name : null,
      },
      at,
    }));
  }
  if (type === 'textarea') {
    const texts = typeof value['text'] === 'string' ? [value['text']] : listOf(value['text']);
    if (!texts) return refused(desk, at, 'text is a list of texts');
    const kind = textOfTag(from_name) ?? { label_type: 'caption', language: frame.language };
    return texts.map((text) => {
      const answer = kind.label_type === 'qa' && typeof text === 'string' ? answerOf(text) : null;
      const label_type = kind.label_type === 'qa' && !answer ? 'description' : kind.label_type;
      return {
        draft: { ...common(scope, result), task_type: 'captioning', geometry: { type: 'text', label_type, ...(answer ?? { text }), language: kind.language } }, // prettier-ignore
        at,
      };
    });
  }
  desk.issues.error('unsupported_shape', at, `A result of type "${type.slice(0, 50)}" has no place with us`);
  return [];
}

function refused(desk: ImportDesk, at: ImportPlace, message: string): [] {
  desk.issues.error('bad_value', at, message);
  return [];
}
