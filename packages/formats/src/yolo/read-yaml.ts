import { type Document, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { ImportFile } from '../reading/import-codec.js';
import { readText } from '../reading/file-text.js';
import { isObject, type Fields } from '../reading/record-fields.js';
import { UnreadableFile } from '../reading/unreadable-file.js';
import { YOLO_KINDS, type YoloKind } from './yolo-options.js';

export interface YoloHead {
  readonly fields: Fields;
  readonly names: readonly string[];
  readonly kind: YoloKind | null;
  /** Numbers per keypoint and their number; null without keypoints. */
  readonly kpt_shape: readonly [count: number, dimensions: number] | null;
}

const MAX_BYTES = 4 * 1024 * 1024;

export function isYaml({ path }: ImportFile): boolean {
  return /\.ya?ml$/iu.test(path);
}

/** `data.yaml`. Aliases are limited, so that a small file cannot become a large one. */
export async function readYoloYaml(file: ImportFile): Promise<YoloHead> {
  const text = await readText(file, MAX_BYTES);
  if (text.trim() === '') throw new UnreadableFile('empty_file', 'The file is empty');
  const fields = valueOf(text, 'core');
  if (!isObject(fields)) throw new UnreadableFile('wrong_format', 'data.yaml is a map with names');
  const { task, kpt_shape } = fields;
  return {
    fields,
    // As they are written: 007 and 1.10 are names, not numbers.
    names: namesOf((valueOf(text, 'failsafe') as Fields)['names']),
    kind: YOLO_KINDS.find((kind) => kind === task) ?? null,
    kpt_shape: isShape(kpt_shape) ? kpt_shape : null,
  };
}

/** @param schema `core` reads numbers and the like, `failsafe` leaves every word a text */
function valueOf(text: string, schema: 'core' | 'failsafe'): unknown {
  try {
    const lines = new LineCounter();
    // The library compares each key with all before it: minutes for the names of a large file.
    const document = parseDocument(text, { logLevel: 'silent', schema, uniqueKeys: false, lineCounter: lines });
    const [error] = document.errors;
    if (error) throw new UnreadableFile('bad_yaml', error.message.split('\n')[0] ?? '', error.linePos?.[0].line);
    refuseDoubleKeys(document, lines);
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    // Too many aliases, or nested so deep that the parser gave up.
    throw new UnreadableFile('bad_yaml', error instanceof Error ? error.message : 'The file is no YAML');
  }
}

/** @throws UnreadableFile bad_yaml: which of two values is meant is not for us to say */
function refuseDoubleKeys(document: Document, lines: LineCounter): void {
  visit(document, {
    Map(_, { items }) {
      const keys = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (keys.has(key.value))
          throw new UnreadableFile(
            'bad_yaml',
            `The key ${String(key.value)} stands there twice`,
            lines.linePos(key.range?.[0] ?? 0).line,
          );
        keys.add(key.value);
      }
    },
  });
}

/**
 * Names of the keypoints of a class, null when the file has none. All classes of a dataset have as many as the longest skeleton; those
 * at the end that are called unused, as we write them, are no keypoints.
 */
export function keypointNames({ fields: { kpt_names } }: YoloHead, index: number): string[] | null {
  const names: unknown = isObject(kpt_names) ? kpt_names[index] : undefined;
  if (!Array.isArray(names) || !names.every((one) => typeof one === 'string')) return null;
  return names.slice(0, names.findLastIndex((name, n) => name !== unusedName(n)) + 1);
}

/** What fills up the names of shorter skeletons. */
export const unusedName = (index: number): string => `unused ${index + 1}`;

function isShape(value: unknown): value is readonly [number, number] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [count, dimensions] = value as unknown[];
  return Number.isSafeInteger(count) && (count as number) > 0 && (dimensions === 2 || dimensions === 3);
}

/** A list, or a map from 0 up without a gap. */
export function namesOf(names: unknown): string[] {
  if (Array.isArray(names)) return names.map((name) => nameOf(name));
  if (!isObject(names)) throw new UnreadableFile('missing_key', 'data.yaml has no names');
  return Array.from({ length: Object.keys(names).length }, (_, index) => {
    if (!Object.hasOwn(names, String(index))) throw new UnreadableFile('bad_value', `names has no ${index}`);
    return nameOf(names[index]);
  });
}

function nameOf(name: unknown): string {
  if (typeof name === 'string') return name;
  throw new UnreadableFile('bad_class', 'A name of a class is a text');
}
