import type { ImportIssueItem } from '@labelyard/contract';

const COLUMNS = ['severity', 'code', 'file', 'line', 'path', 'message'] as const;

/** A table that spreadsheets open; what they would take for a formula is text. */
export function issuesCsv(issues: readonly ImportIssueItem[]): string {
  const cell = (value: string | number | null) => {
    const text = String(value ?? '');
    const safe = typeof value === 'string' && /^[=+\-@\t\r]/u.test(text) ? `'${text}` : text;
    return /[",\n\r]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  // By the mark spreadsheets know that the letters are UTF-8.
  return (
    '\uFEFF' +
    [COLUMNS.join(','), ...issues.map((issue) => COLUMNS.map((column) => cell(issue[column])).join(','))].join('\r\n')
  );
}
