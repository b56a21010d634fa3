import type { AuditEntry } from '@labelyard/contract';

export const AUDIT_FILE_TYPES = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
} as const;

const COLUMNS = [
  'id',
  'happened_at',
  'outcome',
  'action',
  'actor_id',
  'actor_kind',
  'actor_name',
  'actor_email',
  'project_id',
  'subject_type',
  'subject_id',
  'details',
  'request_id',
] as const;

/** Spreadsheets take what begins like this for a formula and run it. */
const FORMULA = /^[=+\-@\t\r\n]/u;

/** One field of a CSV file: quoted where it must be, and never a formula. */
export function csvField(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\n\r;]|^\s|\s$/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csvLine(entry: AuditEntry): string {
  const values: Record<(typeof COLUMNS)[number], string | number | null> = {
    ...entry,
    actor_name: entry.actor?.full_name ?? null,
    actor_email: entry.actor?.email ?? null,
    details: Object.keys(entry.details).length > 0 ? JSON.stringify(entry.details) : null,
  };
  return `${COLUMNS.map((column) => csvField(values[column])).join(',')}\r\n`;
}

/** The file, piece by piece: one page of entries in memory at a time. */
export async function* auditFile(
  format: keyof typeof AUDIT_FILE_TYPES,
  pages: AsyncIterable<readonly AuditEntry[]>,
): AsyncGenerator<string> {
  // The mark tells spreadsheets that this is UTF-8.
  if (format === 'csv') yield `\uFEFF${COLUMNS.join(',')}\r\n`;
  for await (const entries of pages)
    yield entries.map((entry) => (format === 'csv' ? csvLine(entry) : `${JSON.stringify(entry)}\n`)).join('');
}
