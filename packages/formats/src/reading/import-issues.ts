import type { ImportPlace, ImportReport } from './import-codec.js';

/** What can be wrong with files of any format. Codes are a contract with readers of reports: add, do not rename. */
export const IMPORT_ISSUE_CODES = [
  'empty_file',
  'bad_encoding',
  'bad_json',
  'bad_xml',
  'bad_yaml',
  'bad_csv',
  'bad_png',
  'bad_archive',
  'bad_picture',
  'picture_differs',
  'ambiguous_image',
  'duplicate_file',
  'task_not_in_project',
  'keypoints_differ',
  'truncated',
  'too_large',
  'too_deep',
  'wrong_format',
  'missing_file',
  'unsafe_path',
  'duplicate_image',
  'image_missing',
  'bad_size',
  'size_missing',
  'size_mismatch',
  'not_an_object',
  'missing_key',
  'bad_value',
  'bad_id',
  'duplicate_id',
  'unknown_image',
  'unknown_class',
  'duplicate_class',
  'bad_class',
  'mixed_kinds',
  'bad_geometry',
  'bad_mask',
  'degenerate',
  'outside_image',
  'clipped',
  'duplicate_annotation',
  'unsupported_shape',
  'changed_kind',
  'left_out',
  'split_not_kept',
] as const;
export type ImportIssueCode = (typeof IMPORT_ISSUE_CODES)[number];

/** An error means that something was left out; a warning, that it came in another form or is doubtful. */
export interface ImportIssue extends ImportPlace {
  readonly severity: 'error' | 'warning';
  readonly code: ImportIssueCode;
  readonly message: string;
}

const MAX_LISTED = 1_000;
const MAX_MESSAGE = 300;

/** Keeps the first issues and counts them all, so that a file broken in every row stays readable. */
export class ImportIssues {
  readonly list: ImportIssue[] = [];
  private readonly counted = new Map<
    string,
    { code: ImportIssueCode; severity: ImportIssue['severity']; count: number }
  >();

  error(code: ImportIssueCode, at: ImportPlace, message: string): void {
    this.add('error', code, at, message);
  }

  warn(code: ImportIssueCode, at: ImportPlace, message: string): void {
    this.add('warning', code, at, message);
  }

  counts(): ImportReport['issue_counts'] {
    return [...this.counted.values()].sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
  }

  private add(severity: ImportIssue['severity'], code: ImportIssueCode, at: ImportPlace, message: string): void {
    const key = `${severity} ${code}`;
    const entry = this.counted.get(key);
    if (entry) entry.count++;
    else this.counted.set(key, { code, severity, count: 1 });
    if (this.list.length >= MAX_LISTED) return;
    const short = message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message;
    this.list.push({ severity, code, ...at, message: short.toWellFormed().replaceAll('\0', '') });
  }
}
