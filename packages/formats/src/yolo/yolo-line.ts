import { LINE_END } from '../line-ends.js';
import type { ImportPlace } from '../reading/import-codec.js';
import type { ImportIssueCode } from '../reading/import-issues.js';

/** A row of a label file, as numbers. */
export interface YoloLine {
  readonly at: ImportPlace;
  readonly class_index: number;
  /** What follows the class. */
  readonly numbers: readonly number[];
}

export interface BadLine {
  readonly at: ImportPlace;
  readonly code: ImportIssueCode;
  readonly message: string;
}

/** Behind the class: centre and size of a box. */
export const LEAST_NUMBERS = 4;

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/iu;

/** Rows with their line numbers; empty lines are skipped, equal rows said once. */
export function* yoloLines(text: string, file: string): Generator<YoloLine | BadLine> {
  const seen = new Set<string>();
  let line = 0;
  for (const raw of text.split(LINE_END)) {
    const at = { file, line: ++line };
    const tokens = raw.split(/\s+/u).filter((token) => token !== '');
    if (tokens.length === 0) continue;
    const bad = tokens.find((token) => !NUMBER.test(token) || !Number.isFinite(Number(token)));
    if (bad !== undefined) {
      yield { at, code: 'bad_value', message: `"${bad.slice(0, 40)}" is no number` };
      continue;
    }
    const [class_index, ...numbers] = tokens.map(Number) as [number, ...number[]];
    const key = tokens.join(' ');
    if (seen.has(key)) yield { at, code: 'duplicate_annotation', message: 'The same row stands in the file before' };
    else if (!Number.isSafeInteger(class_index) || class_index < 0) {
      yield { at, code: 'unknown_class', message: 'A row begins with the number of its class, from 0' };
    } else yield { at, class_index, numbers };
    seen.add(key);
  }
}
