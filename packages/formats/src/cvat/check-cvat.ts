import type { ImportFile } from '../reading/import-codec.js';
import { fromFile, ImportDesk } from '../reading/import-desk.js';
import type { ImportIssue, ImportIssues } from '../reading/import-issues.js';
import { xmlElements, type XmlElement } from '../reading/xml-elements.js';
import { inputKey, labelsOf, type CvatLabel } from './cvat-labels.js';
import { readCvat } from './read-cvat.js';

/**
 * Checks files against what CVAT's and Datumaro's importers rely on (README.md names each rule with its reason), beside everything the
 * reader objects to.
 */
export async function checkCvat(files: readonly ImportFile[]): Promise<readonly ImportIssue[]> {
  const run = readCvat(files);
  for await (const _ of run.records) continue;
  const desk = new ImportDesk({});
  for (const file of files.filter(({ path }) => /\.xml$/iu.test(path))) {
    // What keeps a file from being read was said by the reader.
    await fromFile(new ImportDesk({}), file, () => checkFile(file, desk.issues));
  }
  return [...run.report().issues, ...desk.issues.list];
}

interface Declared {
  readonly labels: ReadonlyMap<string, CvatLabel>;
  readonly inputs: ReadonlyMap<string, string>;
}

async function checkFile(file: ImportFile, issues: ImportIssues): Promise<void> {
  let declared: Declared | null = null;
  let version: string | null = null;
  const ids = new Set<string>();
  for await (const element of xmlElements(file, 'annotations', 1)) {
    const at = { file: file.path, line: element.line };
    if (element.name === 'version') version = element.text.trim();
    else if (element.name === 'meta') {
      const { labels, inputs } = labelsOf(element);
      declared = { labels: new Map(labels.map((label) => [label.name, label])), inputs };
      if (!element.children.some(({ name }) => name === 'task' || name === 'project' || name === 'job')) {
        issues.error('missing_key', at, '<meta> has a <task>, a <project> or a <job>');
      }
    } else if (element.name === 'image') {
      const id = element.attributes['id'] ?? '';
      if (!/^\d+$/u.test(id)) issues.error('bad_id', at, 'The id of an image is a whole number');
      else if (ids.has(id)) issues.error('duplicate_id', at, `An image before this one has the id ${id}`);
      ids.add(id);
      if (!declared) issues.error('missing_key', at, '<meta> comes before the first image');
      for (const shape of element.children) checkShape(shape, declared, { ...at, line: shape.line }, issues);
    }
  }
  if (version !== '1.1') issues.error('bad_value', { file: file.path, path: 'version' }, 'The version is 1.1');
}

const FLAGS = ['occluded', 'outside'];

function checkShape(
  shape: XmlElement,
  declared: Declared | null,
  at: { readonly file: string; readonly line: number },
  issues: ImportIssues,
): void {
  const { name, attributes, children } = shape;
  const label = attributes['label'] ?? '';
  for (const flag of FLAGS) {
    const value = attributes[flag];
    const needed = flag === 'occluded' && name !== 'tag' && name !== 'skeleton';
    if (value === undefined ? needed : value !== '0' && value !== '1')
      issues.error('bad_value', at, `${flag} is 0 or 1`);
  }
  for (const key of ['z_order', 'group_id']) {
    if (attributes[key] !== undefined && !/^-?\d+$/u.test(attributes[key])) {
      issues.error('bad_value', at, `${key} is a whole number`);
    }
  }
  for (const one of children) {
    if (one.name === 'attribute') {
      const key = one.attributes['name'] ?? '';
      if (key === '') issues.error('missing_key', at, 'An attribute has a name');
      else if (declared && !declared.inputs.has(inputKey(label, key))) {
        issues.error(
          'unknown_class',
          at,
          `<meta> declares no attribute "${key.slice(0, 100)}" of "${label.slice(0, 100)}"`,
        );
      }
    }
  }
  if (name === 'mask') checkMask(shape, at, issues);
  if (name === 'skeleton' && declared) checkSkeleton(shape, declared.labels.get(label), at, issues);
}

function checkMask({ attributes }: XmlElement, at: { file: string; line: number }, issues: ImportIssues): void {
  const [width = NaN, height = NaN] = ['width', 'height'].map((key) => Number(attributes[key]));
  const total = (attributes['rle'] ?? '').split(',').reduce((sum, run) => sum + Number(run), 0);
  if (total !== width * height)
    issues.error('bad_mask', at, `The runs cover ${total} pixels, the mask has ${width * height}`);
}

function checkSkeleton(
  { children }: XmlElement,
  label: CvatLabel | undefined,
  at: { file: string; line: number },
  issues: ImportIssues,
): void {
  const named = children.filter(({ name }) => name === 'points').map(({ attributes }) => attributes['label'] ?? '');
  if (label && label.type !== 'skeleton') issues.error('bad_class', at, `The label is declared as ${label.type}`);
  if (new Set(named).size < named.length) issues.error('bad_geometry', at, 'A point of the skeleton stands twice');
  for (const point of label?.points ?? []) {
    if (!named.includes(point))
      issues.error('missing_key', at, `The point "${point.slice(0, 100)}" is missing; absent ones are outside="1"`);
  }
}
