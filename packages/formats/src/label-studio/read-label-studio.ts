import { importRun, readingFile, type ImportDesk } from '../reading/import-desk.js';
import { utf8Chunks } from '../reading/file-text.js';
import type { ImportFile, ImportOptions, ImportPlace, ImportRecord, ImportRun } from '../reading/import-codec.js';
import { jsonItems } from '../reading/json-items.js';
import { isObject, type Fields } from '../reading/record-fields.js';
import { UnreadableFile } from '../reading/unreadable-file.js';
import { splitNamed } from '../splits.js';
import { readConfig, type LabelingConfig } from './read-config.js';
import { below, readResults, type ChosenResults, type Frame } from './read-results.js';
import { TaskImages } from './task-image.js';

/**
 * Reads exports of Label Studio in its own JSON, one task at a time, with the labeling configuration when it lies beside them. Of
 * several annotations of a task the one that counts as true is taken, else the latest; predictions where nobody annotated.
 */
export function readLabelStudio(files: readonly ImportFile[], options: ImportOptions = {}): ImportRun {
  return importRun('label_studio', options, async function* (desk) {
    const jsons = files.filter(({ path }) => /\.json$/iu.test(path));
    if (jsons.length === 0) desk.issues.error('missing_file', { file: '' }, 'There is no .json file');
    const config = await readConfig(desk, files);
    yield* readClasses(desk, config, files.find(({ path }) => /\.xml$/iu.test(path))?.path ?? '');
    const frame: Frame = { config, images: new TaskImages(options), language: options.language ?? 'en' };
    for (const file of jsons) yield* readingFile(desk, file, () => readFile(desk, file, frame));
  });
}

function* readClasses(desk: ImportDesk, config: LabelingConfig | null, file: string): Generator<ImportRecord> {
  const seen = new Set<string>();
  for (const one of config?.classes ?? []) {
    const name = desk.className(one.name, { file });
    // Polygons and brushes share their classes.
    const key = JSON.stringify([one.task_type, name]);
    if (name === null || seen.has(key)) continue;
    seen.add(key);
    yield { ...one, name };
  }
}

async function* readFile(desk: ImportDesk, file: ImportFile, frame: Frame): AsyncGenerator<ImportRecord> {
  // A file of one task is an object.
  const single: Record<string, unknown> = {};
  let isList = false;
  for await (const items of jsonItems(utf8Chunks(file), [])) {
    for (const { key, index, line, value, error } of items) {
      if (index === null) {
        single[key] = value;
        continue;
      }
      isList = true;
      const at = { file: file.path, line, path: String(index) };
      if (error !== undefined) desk.issues.error('bad_json', at, error);
      else if (!isObject(value)) desk.issues.error('not_an_object', at, 'A task is an object');
      else yield* readTask(desk, value, at, frame);
    }
  }
  if (isList || Object.keys(single).length === 0) return;
  if (!isObject(single['data']))
    throw new UnreadableFile('wrong_format', 'An export of Label Studio is a list of tasks');
  yield* readTask(desk, single, { file: file.path, path: '' }, frame);
}

async function* readTask(desk: ImportDesk, task: Fields, at: ImportPlace, frame: Frame): AsyncGenerator<ImportRecord> {
  const { data } = task;
  if (!isObject(data)) {
    desk.issues.error('missing_key', below(at, 'data'), 'A task has data that name its image');
    return;
  }
  const chosen = chosenResults(desk, task, at);
  const results = chosen?.results ?? [];
  const image = await desk.image(
    await frame.images.pathOf(data[imageKey(data, frame.config)]),
    statedSize(results, data),
    at,
    typeof data['split'] === 'string' ? splitNamed(data['split']) : null,
  );
  if (!image) return;
  yield image;
  if (chosen) yield* readResults(desk, image, chosen, frame);
}

/** The image of the configuration, else what looks like one. */
function imageKey(data: Fields, config: LabelingConfig | null): string {
  if (config?.image_key != null) return config.image_key;
  const looksLike = (value: unknown) =>
    typeof value === 'string' && /\.(?:jpe?g|png|webp|bmp|gif|tiff?|heic|avif)(?:$|[?#])/iu.test(value);
  return ['image', 'img', 'photo', 'url'].find((key) => typeof data[key] === 'string') ?? Object.keys(data).find((key) => looksLike(data[key])) ?? 'image'; // prettier-ignore
}

function statedSize(results: readonly unknown[], data: Fields) {
  const sized = results.find((one): one is Fields => isObject(one) && one['original_width'] !== undefined);
  if (sized) return { width: sized['original_width'], height: sized['original_height'] };
  return typeof data['width'] === 'number' ? { width: data['width'], height: data['height'] } : null;
}

function chosenResults(desk: ImportDesk, task: Fields, at: ImportPlace): ChosenResults | null {
  const key = ['annotations', 'completions'].find((one) => task[one] !== undefined) ?? 'annotations';
  const listOf = (name: string): [Fields, ImportPlace][] => {
    const list = task[name] ?? [];
    if (!Array.isArray(list)) {
      desk.issues.error('wrong_format', below(at, name), `${name} is a list`);
      return [];
    }
    return list.flatMap((one: unknown, n): [Fields, ImportPlace][] => {
      const place = below(at, `${name}.${n}`);
      if (isObject(one)) return [[one, place]];
      desk.issues.error('not_an_object', place, 'An object is expected');
      return [];
    });
  };
  const annotations = listOf(key).filter(([one, place]) => {
    const isCancelled = one['was_cancelled'] === true || one['skipped'] === true;
    if (isCancelled) desk.issues.warn('left_out', place, 'The annotation was cancelled');
    return !isCancelled;
  });
  const isPrediction = annotations.length === 0;
  const candidates = isPrediction ? listOf('predictions') : annotations;
  const time = ([one]: [Fields, ImportPlace]) =>
    [one['updated_at'], one['created_at']].find((at) => typeof at === 'string') ?? '';
  const latest = candidates.reduce<[Fields, ImportPlace] | null>(
    (best, one) => (best === null || time(one) >= time(best) ? one : best),
    null,
  );
  const chosen = candidates.find(([one]) => one['ground_truth'] === true) ?? latest;
  if (!chosen) return null;
  for (const [, place] of candidates) {
    if (place !== chosen[1]) desk.issues.error('left_out', place, 'Another annotation of the task was taken');
  }
  const [{ result = [], score }, place] = chosen;
  if (!Array.isArray(result)) {
    desk.issues.error('wrong_format', below(place, 'result'), 'result is a list');
    return null;
  }
  return { results: result, at: place, isPrediction, score };
}
