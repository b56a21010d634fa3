import type { GeometryType } from '@labelyard/domain';
import type { FormatWriter } from './codec.js';
import { checkCoco } from './coco/check-coco.js';
import { readCoco } from './coco/read-coco.js';
import { writeCoco } from './coco/write-coco.js';
import { checkCvat } from './cvat/check-cvat.js';
import { readCvat } from './cvat/read-cvat.js';
import { writeCvat } from './cvat/write-cvat.js';
import { readCsv } from './csv/read-csv.js';
import { writeCsv } from './csv/write-csv.js';
import { checkDice } from './dice/check-dice.js';
import { readDice } from './dice/read-dice.js';
import { writeDice } from './dice/write-dice.js';
import { checkLabelStudio } from './label-studio/check-label-studio.js';
import { readLabelStudio } from './label-studio/read-label-studio.js';
import { writeLabelStudio } from './label-studio/write-label-studio.js';
import { readLabelme } from './labelme/read-labelme.js';
import { writeLabelme } from './labelme/write-labelme.js';
import { peekText, readText } from './reading/file-text.js';
import { peekJson } from './reading/peek-json.js';
import type { FormatReader, ImportFile, ImportRun } from './reading/import-codec.js';
import type { ImportIssue } from './reading/import-issues.js';
import { UnreadableFile } from './reading/unreadable-file.js';
import { checkVoc } from './voc/check-voc.js';
import { readVoc } from './voc/read-voc.js';
import { writeVoc } from './voc/write-voc.js';
import { checkYolo } from './yolo/check-yolo.js';
import { areClassFolders, isLabelFile } from './yolo/label-place.js';
import { readYolo } from './yolo/read-yolo.js';
import { writeYolo } from './yolo/write-yolo.js';
import { KIND_TAKES, type YoloOptions } from './yolo/yolo-options.js';

export const FORMAT_NAMES = ['coco', 'yolo', 'voc', 'dice', 'labelme', 'cvat', 'label_studio', 'csv'] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];

/**
 * What becomes of a kind of shape: it stays as it is; it changes its form, and the report says so; it does so when an option is set,
 * else it is dropped; or it is dropped, and the report says so.
 */
export type Expression = 'exact' | 'converted' | 'option' | 'dropped';

export interface Format {
  readonly name: FormatName;
  readonly title: string;
  /** Of the files it consists of, without pictures. */
  readonly endings: readonly string[];
  /** Whether an export can be one file, or always needs an archive. */
  readonly single_file: boolean;
  /** Whether an export is of no use without the pictures. */
  readonly needs_pictures: boolean;
  readonly expresses: Readonly<Record<GeometryType, Expression>>;
  readonly write: FormatWriter;
  /** Kinds whose geometry the writer looks at, where these are not all. */
  readonly looks_at?: (options: object) => readonly GeometryType[];
  /** False when the writer never looks at areas. */
  readonly area_wanted?: boolean;
  readonly read: FormatReader;
  /** Every rule that readers of the format rely on. */
  check(files: readonly ImportFile[]): Promise<readonly ImportIssue[]>;
  /** Whether files look like this format; content is looked at only as far as needed. */
  recognise(files: readonly ImportFile[]): Promise<boolean>;
}

const EVERYTHING = {
  bbox: 'exact',
  rotated_bbox: 'exact',
  polygon: 'exact',
  mask: 'exact',
  polyline: 'exact',
  circle: 'exact',
  keypoints: 'exact',
  classification: 'exact',
  no_object: 'exact',
  text: 'exact',
} as const satisfies Record<GeometryType, Expression>;

/** In the order in which they are tried: what is most particular first. */
export const FORMATS: Readonly<Record<FormatName, Format>> = {
  dice: {
    name: 'dice',
    title: 'DICE',
    endings: ['.json'],
    single_file: true,
    needs_pictures: false,
    expresses: EVERYTHING,
    write: writeDice,
    read: readDice,
    check: checkDice,
    recognise: (files) => someJson(files, (text) => text.includes('"format_version"') && text.includes('"classes"')),
  },
  label_studio: {
    name: 'label_studio',
    title: 'Label Studio',
    endings: ['.json', '.xml'],
    single_file: false,
    needs_pictures: false,
    expresses: { ...EVERYTHING, rotated_bbox: 'converted', polygon: 'converted' },
    write: writeLabelStudio,
    read: readLabelStudio,
    check: checkLabelStudio,
    // A list of tasks; COCO is an object, or a list of results without annotations of their own.
    recognise: (files) =>
      someJson(
        files,
        (text) => /^\s*\[/u.test(text) && /"(?:annotations|completions|predictions)"\s*:\s*\[/u.test(text),
      ),
  },
  coco: {
    name: 'coco',
    title: 'COCO',
    endings: ['.json'],
    single_file: true,
    needs_pictures: false,
    // Exact within the file that holds the kind; keypoints, captions and labels are files that are asked for.
    expresses: { ...EVERYTHING, rotated_bbox: 'converted', polygon: 'converted', polyline: 'option', circle: 'option', keypoints: 'option', classification: 'option', no_object: 'dropped', text: 'option' }, // prettier-ignore
    write: writeCoco,
    read: readCoco,
    check: checkCocoFiles,
    recognise: (files) => someJson(files, (text) => /"(?:images|annotations|categories)"\s*:\s*\[/u.test(text) && !text.includes('"format_version"')), // prettier-ignore
  },
  labelme: {
    name: 'labelme',
    title: 'LabelMe',
    endings: ['.json'],
    single_file: false,
    needs_pictures: false,
    expresses: { ...EVERYTHING, rotated_bbox: 'converted', polygon: 'converted', mask: 'converted', keypoints: 'dropped', no_object: 'converted', text: 'dropped' }, // prettier-ignore
    write: writeLabelme,
    read: readLabelme,
    check: (files) => issuesOf(readLabelme(files)),
    recognise: (files) => someJson(files, (text) => /"(?:shapes|imagePath)"\s*:/u.test(text)),
  },
  cvat: {
    name: 'cvat',
    title: 'CVAT for images',
    endings: ['.xml'],
    single_file: true,
    needs_pictures: false,
    expresses: { ...EVERYTHING, polygon: 'converted', no_object: 'converted', text: 'dropped' },
    write: writeCvat,
    read: readCvat,
    check: checkCvat,
    recognise: (files) => someXml(files, (text) => /<annotations[\s>]/u.test(text)),
  },
  voc: {
    name: 'voc',
    title: 'Pascal VOC',
    endings: ['.xml', '.txt', '.png'],
    single_file: false,
    needs_pictures: false,
    expresses: { ...EVERYTHING, bbox: 'converted', rotated_bbox: 'converted', polygon: 'converted', mask: 'converted', polyline: 'converted', circle: 'converted', keypoints: 'dropped', classification: 'converted', no_object: 'converted', text: 'dropped' }, // prettier-ignore
    write: writeVoc,
    read: readVoc,
    check: checkVoc,
    recognise: (files) => someXml(files, (text) => /<annotation[\s>]/u.test(text)),
  },
  yolo: {
    name: 'yolo',
    title: 'YOLO (Ultralytics)',
    endings: ['.txt', '.yaml'],
    single_file: false,
    needs_pictures: false,
    // Within the kind of dataset that holds it: a YOLO dataset has rows of one kind.
    expresses: { ...EVERYTHING, rotated_bbox: 'option', polygon: 'option', mask: 'option', polyline: 'dropped', circle: 'option', keypoints: 'option', classification: 'option', no_object: 'converted', text: 'dropped' }, // prettier-ignore
    write: (source, options) => writeYolo(source, yoloOptions(options)),
    looks_at: (options) => KIND_TAKES[yoloOptions(options).kind],
    area_wanted: false,
    read: readYolo,
    check: (files) => checkYolo(files),
    recognise: async (files) => {
      if (files.some(({ path }) => /(?:^|\/)(?:data|dataset)\.ya?ml$/iu.test(path)) || areClassFolders(files))
        return true;
      // The first ones may be those of images without objects.
      return someText(files.filter(isLabelFile), /\.txt$/iu, (text) =>
        /^\s*\d+(?:\s+-?[\d.]+(?:e-?\d+)?){4,}\s*$/imu.test(text),
      );
    },
  },
  csv: {
    name: 'csv',
    title: 'CSV',
    endings: ['.csv', '.tsv'],
    single_file: true,
    needs_pictures: false,
    expresses: EVERYTHING,
    write: writeCsv,
    read: readCsv,
    check: (files) => issuesOf(readCsv(files)),
    recognise: async (files) => files.some(({ path }) => /\.(?:csv|tsv)$/iu.test(path)),
  },
};

function yoloOptions(options: Partial<YoloOptions> = {}): YoloOptions {
  return { kind: 'detect', ...options };
}

/** The format of an upload, null when it looks like none of ours. */
export async function recogniseFormat(files: readonly ImportFile[]): Promise<Format | null> {
  for (const format of Object.values(FORMATS)) if (await format.recognise(files)) return format;
  return null;
}

/** Formats without rules of their own: sound is what the reader has no objection to. */
async function issuesOf(run: ImportRun): Promise<readonly ImportIssue[]> {
  for await (const _ of run.records) continue;
  return run.report().issues;
}

const MOST_PEEKED = 20;

type Matches = (text: string) => boolean;

const someJson = (files: readonly ImportFile[], matches: Matches) => someText(files, /\.json$/iu, matches, peekJson);
const someXml = (files: readonly ImportFile[], matches: Matches) => someText(files, /\.xml$/iu, matches);

async function someText(
  files: readonly ImportFile[],
  ending: RegExp,
  matches: Matches,
  peek: (file: ImportFile) => Promise<string> = (file) => peekText(file),
): Promise<boolean> {
  for (const file of files.filter(({ path }) => ending.test(path)).slice(0, MOST_PEEKED)) {
    if (matches(await peek(file))) return true;
  }
  return false;
}

const MAX_CHECKED_BYTES = 256 * 1024 * 1024;

async function checkCocoFiles(files: readonly ImportFile[]): Promise<readonly ImportIssue[]> {
  const issues: ImportIssue[] = [];
  for (const file of files.filter(({ path }) => /\.json$/iu.test(path))) {
    const error = (code: ImportIssue['code'], message: string) =>
      issues.push({ severity: 'error', code, file: file.path, message });
    try {
      const parsed = JSON.parse(await readText(file, MAX_CHECKED_BYTES)) as unknown;
      for (const { code, path, message } of checkCoco(parsed)) {
        issues.push({ severity: 'error', code: 'bad_value', file: file.path, path, message: `${message} (${code})` });
      }
    } catch (broken) {
      if (broken instanceof UnreadableFile) error(broken.code, broken.message);
      else if (broken instanceof SyntaxError) error('bad_json', broken.message);
      else throw broken;
    }
  }
  return issues;
}
