import pg from 'pg';

const INT8 = 20;
const INT8_ARRAY = 1016;
const NUMERIC = 1700;
const TIMESTAMPTZ = 1184;

/** bigint as a number; an error above 2^53 - 1, where digits would be lost. */
export function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit a JavaScript number`);
  return value;
}

/** `2026-11-22 15:49:58.12+00` → `2026-11-22T15:49:58.120Z`: always milliseconds, so that text sorts like time. */
export function parseTimestamptz(text: string): string {
  if (text.length >= 22 && text[10] === ' ' && text.endsWith('+00')) {
    const fraction = text[19] === '.' ? text.slice(20, -3).padEnd(3, '0').slice(0, 3) : '000';
    return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`;
  }
  const date = new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/u, '$1:00'));
  if (Number.isNaN(date.getTime())) throw new RangeError(`timestamp ${text} has no ISO 8601 form`);
  return date.toISOString();
}

function parseInt8Array(text: string): (number | null)[] {
  if (text === '{}') return [];
  return text
    .slice(1, -1)
    .split(',')
    .map((item) => (item === 'NULL' ? null : parseInt8(item)));
}

type Parser = (text: string) => unknown;

const PARSERS = new Map<number, Parser>([
  [INT8, parseInt8],
  [INT8_ARRAY, parseInt8Array],
  [NUMERIC, Number],
  [TIMESTAMPTZ, parseTimestamptz],
]);

/** How this package's connections read values. Per client: `pg.defaults` and `pg.types` stay untouched for the rest of the process. */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && PARSERS.get(oid)) ||
    (pg.types.getTypeParser as (oid: number, format?: string) => Parser)(
      oid,
      format,
    )) as pg.CustomTypesConfig['getTypeParser'],
};
