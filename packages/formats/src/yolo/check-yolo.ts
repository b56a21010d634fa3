import { fromFile, ImportDesk } from '../reading/import-desk.js';
import { readText } from '../reading/file-text.js';
import type { ImportFile } from '../reading/import-codec.js';
import { ImportIssues, type ImportIssue } from '../reading/import-issues.js';
import { isObject } from '../reading/record-fields.js';
import { isYaml, readYoloYaml, type YoloHead } from './read-yaml.js';
import { labelFiles } from './label-place.js';
import { isRenamedTable } from './renamed-images.js';
import { yoloLines, type YoloLine } from './yolo-line.js';
import { YOLO_IMAGE_EXTENSIONS, type YoloKind } from './yolo-options.js';

/** What trainers forgive. */
const TOLERANCE = 0.01;

/**
 * Checks the files of a dataset against the rules Ultralytics relies on (README.md names each with its reason). For classification
 * (without a YAML and label files) only the paths of the pictures are looked at: there is nothing else.
 */
export async function checkYolo(files: readonly ImportFile[], kind?: YoloKind): Promise<readonly ImportIssue[]> {
  const desk = new ImportDesk({});
  const { issues } = desk;
  const yamls = files.filter(isYaml);
  const labels = await labelFiles(files);
  if ((kind ?? (yamls.length === 0 && labels.length === 0 ? 'classify' : null)) === 'classify') {
    checkFolders(files, issues);
    return issues.list;
  }
  if (yamls.length !== 1) {
    issues.error(
      'missing_file',
      { file: yamls[1]?.path ?? 'data.yaml' },
      `Exactly one YAML is expected, there are ${yamls.length}`,
    );
  }
  const [yaml] = yamls;
  const head = yaml ? await fromFile(desk, yaml, () => readYoloYaml(yaml)) : null;
  if (head && yaml) checkHead(head, yaml.path, issues);
  checkPaths(files, issues);
  let seen: YoloKind | null = kind ?? head?.kind ?? (head?.kpt_shape ? 'pose' : null);
  for (const file of labels) {
    const text = await fromFile(desk, file, () => readText(file));
    if (text === null) continue;
    let first: number | null = null;
    for (const line of yoloLines(text, file.path)) {
      if ('code' in line) {
        issues.error(line.code, line.at, line.message);
        continue;
      }
      const count = line.numbers.length;
      if (head && line.class_index >= head.names.length) {
        issues.error(
          'unknown_class',
          line.at,
          `Class ${line.class_index} of ${head.names.length}: trainers drop the image`,
        );
      }
      if (first !== null && first > 5 !== count > 5) {
        issues.error('mixed_kinds', line.at, 'Boxes and polygons in one file: every row is read as a polygon');
      }
      first ??= count;
      seen ??= count > 5 ? 'segment' : 'detect';
      checkRow(line, seen, head, issues);
    }
  }
  return issues.list;
}

function checkHead({ fields, names, kpt_shape, kind }: YoloHead, file: string, issues: ImportIssues): void {
  for (const key of ['train', 'val']) {
    const value = fields[key];
    const sound = typeof value === 'string' || (Array.isArray(value) && value.every((one) => typeof one === 'string'));
    if (!sound) issues.error('missing_key', { file, path: key }, `data.yaml needs ${key}: a trainer stops without it`);
  }
  if (typeof fields['path'] === 'string' && !fields['path'].startsWith('/')) {
    issues.error(
      'bad_value',
      { file, path: 'path' },
      'A relative path is taken from the folder the trainer was started in',
    );
  }
  if (fields['nc'] !== undefined && fields['nc'] !== names.length) {
    issues.error('bad_value', { file, path: 'nc' }, `nc is ${JSON.stringify(fields['nc'])}, names has ${names.length}`);
  }
  if (new Set(names).size < names.length)
    issues.error('duplicate_class', { file, path: 'names' }, 'Two classes have one name');
  if (kind === 'pose' && !kpt_shape) {
    issues.error('missing_key', { file, path: 'kpt_shape' }, 'A pose dataset says how many keypoints a row has');
  }
  if (isObject(fields['names']) && Object.keys(fields['names']).some((key, index) => key !== String(index))) {
    issues.error('bad_value', { file, path: 'names' }, 'names counts from 0 in order');
  }
}

function checkPaths(files: readonly ImportFile[], issues: ImportIssues): void {
  const stems = new Map<string, string>();
  for (const file of files) {
    const { path } = file;
    const at = { file: path };
    if (isYaml(file) || isRenamedTable(file)) continue;
    const parts = path.split('/');
    const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
    const isText = extension === 'txt';
    const folder = isText ? 'labels' : 'images';
    const below = parts.slice(0, -1).filter((part) => part.toLowerCase() === folder).length;
    if (below > 1) issues.error('wrong_format', at, `Only one folder of the path may be called ${folder}`);
    if (below === 0 && !isText) issues.error('wrong_format', at, 'Pictures lie below a folder called images');
    if (!isText && !YOLO_IMAGE_EXTENSIONS.includes(extension))
      issues.error('bad_value', at, 'Trainers do not read this kind of file');
    const stem = `${folder} ${path.slice(0, path.lastIndexOf('.')).normalize('NFC').toLowerCase()}`;
    const other = stems.get(stem);
    if (other !== undefined) issues.error('duplicate_image', at, `It would share its label file with "${other}"`);
    stems.set(stem, path);
  }
}

function checkRow({ at, numbers }: YoloLine, kind: YoloKind, head: YoloHead | null, issues: ImportIssues): void {
  const count = numbers.length;
  const [expected, message] = expectation(kind, head);
  const right = kind === 'segment' ? count >= 6 && count % 2 === 0 : count === expected;
  if (!right) return issues.error('bad_geometry', at, `${message}; this row has ${count}`);
  const dimensions = head?.kpt_shape?.[1] ?? 3;
  const isVisibility = (n: number) => kind === 'pose' && dimensions === 3 && n >= 4 && (n - 4) % 3 === 2;
  numbers.forEach((value, n) => {
    if (isVisibility(n) ? ![0, 1, 2].includes(value) : value < -TOLERANCE || value > 1 + TOLERANCE) {
      issues.error('outside_image', at, `${value} is outside 0 to 1: trainers drop the whole image`);
    }
  });
  if ((kind === 'detect' || kind === 'pose') && (numbers[2]! <= 0 || numbers[3]! <= 0)) {
    issues.error('degenerate', at, 'A box has a width and a height');
  }
}

function expectation(kind: YoloKind, head: YoloHead | null): [count: number, message: string] {
  switch (kind) {
    case 'segment':
      return [6, 'A polygon has 6 numbers or more, in pairs'];
    case 'obb':
      return [8, 'A rotated box has 8 numbers, four corners'];
    case 'pose': {
      const [points, dimensions] = head?.kpt_shape ?? [0, 3];
      const total = 4 + points * dimensions;
      return [total, `A row has 4 + ${points} × ${dimensions} numbers`];
    }
    case 'detect':
    case 'classify':
      return [4, 'A box has 4 numbers'];
  }
}

/** The same class folders in each split, none of them empty, nothing beside them. */
function checkFolders(files: readonly ImportFile[], issues: ImportIssues): void {
  const splits = new Map<string, Set<string>>();
  for (const { path } of files) {
    const parts = path.split('/');
    if (parts.length === 1) continue;
    const [split, folder] = parts as [string, string];
    if (parts.length !== 3) issues.error('wrong_format', { file: path }, 'Pictures lie in <split>/<class>/');
    else splits.set(split, (splits.get(split) ?? new Set()).add(folder));
  }
  const train = splits.get('train');
  if (!train) return issues.error('missing_file', { file: 'train' }, 'There is no folder train');
  for (const [split, folders] of splits) {
    for (const folder of folders) {
      if (!train.has(folder)) issues.error('unknown_class', { file: `${split}/${folder}` }, 'train has no such class');
    }
  }
}
