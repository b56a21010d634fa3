import { LINE_END } from '../line-ends.js';
import { UnreadableFile } from '../reading/unreadable-file.js';

/** Characters of one row. */
const MAX_ROW = 16 * 1024 * 1024;

export interface CsvRow {
  readonly cells: readonly string[];
  /** Where it begins. */
  readonly line: number;
}

/**
 * Rows of CSV text as RFC 4180 has them: quoted cells may hold the delimiter, quotes (doubled) and line ends. A line ends with
 * \n, \r\n or \r. The delimiter is what the first line has most of: comma, semicolon or tab. Empty lines are no rows.
 */
export async function* csvRows(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRow> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let delimiter: string | null = null;
  let pending = '';
  let cells: string[] = [];
  let cell = '';
  let size = 0;
  let quoted = false;
  let afterQuote = false;
  let afterReturn = false;
  let line = 1;
  let begin = 1;

  function* take(text: string): Generator<CsvRow> {
    for (const character of text) {
      if (++size > MAX_ROW) throw new UnreadableFile('too_large', 'One row is too large; is a quote missing?', begin);
      const isEnd = character === '\n' || character === '\r';
      const isSecondHalf = character === '\n' && afterReturn;
      afterReturn = character === '\r';
      if (isEnd && !isSecondHalf) line++;
      if (quoted && !afterQuote) {
        if (character === '"') afterQuote = true;
        else cell += character;
        continue;
      }
      if (afterQuote && character === '"') {
        cell += '"';
        afterQuote = false;
        continue;
      }
      if (isSecondHalf) continue;
      if (character === delimiter || isEnd) {
        cells.push(cell);
        cell = '';
        quoted = afterQuote = false;
        if (!isEnd) continue;
        if (cells.some((one) => one !== '')) yield { cells, line: begin };
        cells = [];
        size = 0;
        begin = line;
      } else if (afterQuote) {
        throw new UnreadableFile('bad_csv', 'Something follows the closing quote of a cell', line);
      } else if (character === '"' && cell === '') quoted = true;
      else cell += character;
    }
  }

  for await (const chunk of chunks) {
    try {
      pending += decoder.decode(chunk, { stream: true });
    } catch {
      throw new UnreadableFile('bad_encoding', 'The file is not UTF-8 text', line);
    }
    if (delimiter === null) {
      const end = pending.search(LINE_END);
      if (end < 0 && pending.length < MAX_ROW) continue;
      delimiter = delimiterOf(pending.slice(0, end));
    }
    yield* take(pending);
    pending = '';
  }
  delimiter ??= delimiterOf(pending);
  yield* take(pending);
  if (quoted && !afterQuote) throw new UnreadableFile('truncated', 'The file ends inside a quoted cell', begin);
  if (cell !== '' || cells.length > 0 || quoted) yield* take('\n');
}

function delimiterOf(header: string): string {
  const counts = [',', ';', '\t'].map((one) => [header.split(one).length, one] as const);
  return counts.reduce((best, one) => (one[0] > best[0] ? one : best))[1];
}

/** Text that a spreadsheet would take for a formula gets an apostrophe in front; `unguarded` takes it away. */
const FORMULA = /^'?[=+\-@\t\r']/u;

export function csvCell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const guarded = FORMULA.test(value) ? `'${value}` : value;
  return /[",;\t\r\n]|^\s|\s$/u.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

export function unguarded(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;
}
