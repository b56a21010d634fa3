import { readPng } from '../png/read-png.js';
import { fromFile, ImportDesk } from '../reading/import-desk.js';
import { readBytes, readText } from '../reading/file-text.js';
import type { ImportFile } from '../reading/import-codec.js';
import type { ImportIssue, ImportIssues } from '../reading/import-issues.js';
import { child, childText, xmlElements, type XmlElement } from '../reading/xml-elements.js';

const LIST = /^(.*)ImageSets\/(Main|Segmentation)\/(.+)\.txt$/u;

/**
 * Checks the files of a development kit against the rules that torchvision, detectron2 and the kit's own scripts rely on (README.md
 * names each with its reason). Pictures are checked by their names only, and only when there are any.
 */
export async function checkVoc(files: readonly ImportFile[]): Promise<readonly ImportIssue[]> {
  const desk = new ImportDesk({});
  const { issues } = desk;
  const paths = new Set(files.map(({ path }) => path));
  const xmls = files.filter(({ path }) => /(?:^|\/)Annotations\/.+\.xml$/u.test(path));
  const root = /^(.*)Annotations\//u.exec(xmls[0]?.path ?? '')?.[1] ?? 'VOCdevkit/VOC2012/';
  if (!/(?:^|\/)VOCdevkit\/VOC20\d\d\/$/u.test(root)) {
    issues.error('wrong_format', { file: root }, 'The folders lie in VOCdevkit/VOC<year>/: torchvision looks there');
  }
  for (const split of ['train', 'val', 'trainval']) {
    const path = `${root}ImageSets/Main/${split}.txt`;
    if (!paths.has(path)) issues.error('missing_file', { file: path }, 'Readers take the names of images from it');
  }
  const stems = new Set(xmls.map(({ path }) => path.slice(`${root}Annotations/`.length, -'.xml'.length)));
  const segmented = new Set<string>();
  for (const file of xmls) {
    const element = await fromFile(desk, file, async () => {
      for await (const one of xmlElements(file, 'annotation')) return one;
      return null;
    });
    if (!element) continue;
    checkXml(element, file.path, issues);
    if (childText(element, 'segmented') === '1')
      segmented.add(file.path.slice(`${root}Annotations/`.length, -'.xml'.length));
  }
  for (const file of files) {
    const list = LIST.exec(file.path);
    if (list)
      await checkList(desk, file, list[2] === 'Main' && /_(?:train|val|trainval|test)$/u.test(list[3] ?? ''), stems);
    if (/JPEGImages\//u.test(file.path) && !file.path.endsWith('.jpg')) {
      issues.error('bad_value', { file: file.path }, 'Readers look for <name>.jpg');
    }
  }
  await checkMasks(desk, files, root, segmented);
  return issues.list;
}

const OBJECT_TEXTS = ['name', 'pose', 'truncated', 'difficult'];

function checkXml(root: XmlElement, file: string, issues: ImportIssues): void {
  for (const key of ['folder', 'filename', 'source', 'size', 'segmented']) {
    if (!child(root, key)) issues.error('missing_key', { file, path: key }, `An annotation has a <${key}>`);
  }
  const size = child(root, 'size');
  const [width = NaN, height = NaN, depth = NaN] = ['width', 'height', 'depth'].map((key) =>
    Number(childText(size, key) ?? NaN),
  );
  if (!(Number.isInteger(width) && width > 0 && Number.isInteger(height) && height > 0)) {
    issues.error('bad_size', { file, path: 'size' }, 'width and height are whole numbers above 0');
  }
  if (![1, 3, 4].includes(depth)) issues.error('bad_value', { file, path: 'size.depth' }, 'depth is 1 or 3');
  const segmented = childText(root, 'segmented');
  if (segmented !== '0' && segmented !== '1')
    issues.error('bad_value', { file, path: 'segmented' }, 'segmented is 0 or 1');
  for (const object of root.children.filter(({ name }) => name === 'object')) {
    const at = { file, line: object.line };
    for (const key of OBJECT_TEXTS) {
      const text = childText(object, key);
      if (text === undefined) issues.error('missing_key', at, `An object has a <${key}>`);
      else if ((key === 'truncated' || key === 'difficult') && text !== '0' && text !== '1') {
        issues.error('bad_value', at, `${key} is 0 or 1`);
      }
    }
    checkBox(object, at, width, height, issues);
  }
}

function checkBox(
  object: XmlElement,
  at: { file: string; line: number },
  width: number,
  height: number,
  issues: ImportIssues,
): void {
  const box = child(object, 'bndbox');
  const texts = ['xmin', 'ymin', 'xmax', 'ymax'].map((key) => childText(box, key));
  if (texts.includes(undefined)) return issues.error('missing_key', at, 'A bndbox has xmin, ymin, xmax and ymax');
  if (texts.some((text) => !/^\d+$/u.test(text as string))) {
    return issues.error('bad_geometry', at, 'Corners are whole numbers: readers take int(text)');
  }
  const [xmin, ymin, xmax, ymax] = texts.map(Number) as [number, number, number, number];
  if (xmin < 1 || ymin < 1 || xmax > width || ymax > height) {
    issues.error('outside_image', at, 'Corners lie between 1 and the size of the image');
  }
  if (xmin > xmax || ymin > ymax) issues.error('degenerate', at, 'The first corner lies before the last one');
}

async function checkList(
  desk: ImportDesk,
  file: ImportFile,
  ofClass: boolean,
  stems: ReadonlySet<string>,
): Promise<void> {
  const text = await fromFile(desk, file, () => readText(file));
  const shape = ofClass ? /^(\S+) +(?:1|0|-1)$/u : /^(\S+)$/u;
  for (const [n, line] of (text ?? '').split('\n').entries()) {
    if (line === '') continue;
    const at = { file: file.path, line: n + 1 };
    const stem = shape.exec(line)?.[1];
    if (stem === undefined) {
      desk.issues.error(
        'bad_value',
        at,
        ofClass ? 'A row is a name and 1, 0 or −1' : 'A row is a name without white space',
      );
    } else if (!stems.has(stem)) desk.issues.error('unknown_image', at, `There is no XML file of "${stem}"`);
  }
}

/** What `segmented` says is there as two palette PNGs, and nothing else. */
async function checkMasks(
  desk: ImportDesk,
  files: readonly ImportFile[],
  root: string,
  segmented: ReadonlySet<string>,
): Promise<void> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  for (const stem of segmented) {
    for (const folder of ['SegmentationClass', 'SegmentationObject']) {
      const path = `${root}${folder}/${stem}.png`;
      const file = byPath.get(path);
      if (!file) {
        desk.issues.error('missing_file', { file: path }, 'The XML file says that the image is segmented');
        continue;
      }
      const png = await fromFile(desk, file, async () => readPng(await readBytes(file)));
      if (png && png.kind !== 'index') desk.issues.error('bad_png', { file: path }, 'Masks are PNGs with a palette');
    }
  }
}
