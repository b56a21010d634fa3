import { utf8Chunks } from '../reading/file-text.js';
import type { ImportFile } from '../reading/import-codec.js';
import { ImportIssues, type ImportIssue, type ImportIssueCode } from '../reading/import-issues.js';
import { jsonItems } from '../reading/json-items.js';
import { isObject } from '../reading/record-fields.js';
import { UnreadableFile } from '../reading/unreadable-file.js';
import { readDice } from './read-dice.js';

/** Everything the reader minds, and whether the file's own counts are those of its content. */
export async function checkDice(files: readonly ImportFile[]): Promise<readonly ImportIssue[]> {
  const run = readDice(files);
  for await (const _ of run.records) continue;
  const issues = new ImportIssues();
  for (const file of files.filter(({ path }) => /\.json$/iu.test(path))) await checkCounts(file, issues);
  return [...run.report().issues, ...issues.list];
}

async function checkCounts(file: ImportFile, issues: ImportIssues): Promise<void> {
  const error = (code: ImportIssueCode, path: string, message: string) =>
    issues.error(code, { file: file.path, path }, message);
  const ids = new Set<unknown>();
  const heads = new Set<string>();
  let images = 0;
  let annotations = 0;
  let statistics: unknown;
  try {
    for await (const items of jsonItems(utf8Chunks(file), ['images', 'classes'])) {
      for (const { key, index, value } of items) {
        heads.add(key);
        if (key === 'statistics') statistics = value;
        if (index === null || !isObject(value)) continue;
        if (key === 'classes' && value['id'] !== index)
          error('bad_id', `classes.${index}`, 'Ids of classes are their positions, from 0');
        if (key !== 'images') continue;
        images++;
        for (const list of ['annotations', 'image_captions', 'vqa_pairs']) {
          const rows = value[list];
          for (const [n, row] of (Array.isArray(rows) ? (rows as unknown[]) : []).entries()) {
            annotations++;
            const id = isObject(row) ? row['id'] : undefined;
            if (id !== undefined && ids.has(id))
              error('duplicate_id', `images.${index}.${list}.${n}`, 'The id was used before');
            ids.add(id);
          }
        }
      }
    }
  } catch (broken) {
    // The reader has said it.
    if (broken instanceof UnreadableFile) return;
    throw broken;
  }
  for (const key of ['format_version', 'dataset_name', 'task_type', 'classes']) {
    if (!heads.has(key) && !(key === 'classes' && images === 0)) error('missing_key', key, `A DICE file has ${key}`);
  }
  const said = isObject(statistics) ? statistics : {};
  for (const [key, count] of [
    ['total_images', images],
    ['total_annotations', annotations],
  ] as const) {
    // prettier-ignore
    if (said[key] !== count) error('bad_value', `statistics.${key}`, `The file has ${count}`);
  }
}
