import { fromFile, ImportDesk } from '../reading/import-desk.js';
import { utf8Chunks } from '../reading/file-text.js';
import type { ImportFile, ImportPlace } from '../reading/import-codec.js';
import type { ImportIssue, ImportIssues } from '../reading/import-issues.js';
import { jsonItems } from '../reading/json-items.js';
import { isFiniteNumber, isObject, type Fields } from '../reading/record-fields.js';
import { readConfig, type LabelingConfig } from './read-config.js';
import { readLabelStudio } from './read-label-studio.js';
import { wordOf } from './result-shapes.js';

/**
 * Checks tasks and configuration against what Label Studio's import and its SDK rely on (README.md names each rule with its reason),
 * beside everything the reader objects to.
 */
export async function checkLabelStudio(files: readonly ImportFile[]): Promise<readonly ImportIssue[]> {
  const run = readLabelStudio(files);
  for await (const _ of run.records) continue;
  const desk = new ImportDesk({});
  // What keeps a file from being read was said by the reader.
  const silent = new ImportDesk({});
  const config = await readConfig(silent, files);
  if (!config)
    desk.issues.error('missing_file', { file: '' }, 'There is no labeling configuration (an .xml file with a <View>)');
  for (const file of files.filter(({ path }) => /\.json$/iu.test(path))) {
    await fromFile(silent, file, () => checkFile(file, config, desk.issues));
  }
  return [...run.report().issues, ...desk.issues.list];
}

async function checkFile(file: ImportFile, config: LabelingConfig | null, issues: ImportIssues): Promise<void> {
  const ids = new Set<unknown>();
  for await (const items of jsonItems(utf8Chunks(file), [])) {
    for (const { index, line, value } of items) {
      if (index === null || !isObject(value)) continue;
      const at = { file: file.path, line, path: String(index) };
      if (!Number.isSafeInteger(value['id'])) issues.error('bad_id', at, 'The id of a task is a whole number');
      else if (ids.has(value['id'])) issues.error('duplicate_id', at, 'A task before this one has the same id');
      ids.add(value['id']);
      const lists = [value['annotations'], value['predictions']];
      for (const [list, annotations] of lists.entries()) {
        if (!Array.isArray(annotations)) continue;
        for (const [n, annotation] of (annotations as unknown[]).entries()) {
          const results =
            isObject(annotation) && Array.isArray(annotation['result']) ? (annotation['result'] as unknown[]) : [];
          checkResults(
            results,
            config,
            { ...at, path: `${index}.${list === 0 ? 'annotations' : 'predictions'}.${n}` },
            issues,
          );
        }
      }
    }
  }
}

function checkResults(
  results: readonly unknown[],
  config: LabelingConfig | null,
  at: ImportPlace,
  issues: ImportIssues,
): void {
  const seen = new Set<string>();
  for (const [n, result] of results.entries()) {
    if (!isObject(result) || result['type'] === 'relation') continue;
    const place = { ...at, path: `${at.path ?? ''}.result.${n}` };
    const { id, from_name, to_name, type } = result;
    for (const key of ['id', 'from_name', 'to_name', 'type']) {
      if (typeof result[key] !== 'string' || result[key] === '')
        issues.error('missing_key', place, `A result has ${key}, a text`);
    }
    // A region and what is said about it share an id; two regions do not.
    const key = JSON.stringify([id, from_name]);
    if (seen.has(key)) issues.error('duplicate_id', place, 'A result before this one has the same id and control');
    seen.add(key);
    const control = typeof from_name === 'string' ? config?.controls.get(from_name) : undefined;
    if (config && !control) issues.error('bad_value', place, `The configuration has no control "${wordOf(from_name)}"`);
    if (control && control.tag.toLowerCase() !== type) {
      issues.error(
        'bad_value',
        place,
        `The control "${wordOf(from_name)}" is a ${control.tag}, the result a ${wordOf(type)}`,
      );
    }
    if (config?.image_tag !== undefined && config.image_tag !== to_name) {
      issues.error('bad_value', place, `The image of the configuration is called "${config.image_tag}"`);
    }
    if (isObject(result['value'])) checkValue(result, result['value'], place, issues);
  }
}

/** Percent of the image, and the size that they are percent of. */
function checkValue(result: Fields, value: Fields, at: ImportPlace, issues: ImportIssues): void {
  const isRegion =
    value['x'] !== undefined ||
    value['points'] !== undefined ||
    value['rle'] !== undefined ||
    value['vertices'] !== undefined;
  if (!isRegion) return;
  for (const key of ['original_width', 'original_height']) {
    if (!(Number.isSafeInteger(result[key]) && (result[key] as number) > 0)) {
      issues.error('bad_size', at, `${key} is a whole number above 0`);
    }
  }
  for (const key of ['x', 'y', 'width', 'height', 'radiusX', 'radiusY']) {
    const percent = value[key];
    if (percent !== undefined && !(isFiniteNumber(percent) && percent <= 100)) {
      issues.error('bad_geometry', at, `${key} is a number of percent, at most 100`);
    }
  }
  const { rotation } = value;
  if (rotation !== undefined && !(isFiniteNumber(rotation) && rotation >= 0 && rotation <= 360)) {
    issues.error('bad_geometry', at, 'rotation is a number of degrees from 0 to 360');
  }
}
