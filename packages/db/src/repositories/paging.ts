import { DomainError } from '@labelyard/domain';

/** One page of a keyset list; `next_cursor` is null on the last page. */
export interface Page<Item> {
  readonly items: Item[];
  readonly next_cursor: string | null;
}

/** Where a page begins and how long it is (1 to 500). */
export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | null | undefined;
}

export type CursorValue = string | number;

/** The keys of the last row of a page, bound to the order they belong to. Opaque outside this package. */
export function encodeCursor(order: string, values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify([order, ...values])).toString('base64url');
}

/** The keys in `cursor`, null when there is none. Throws validation_failed for one that was made up or belongs to another order. */
export function decodeCursor<Values extends CursorValue[]>(
  order: string,
  example: { readonly [Index in keyof Values]: 'string' | 'number' },
  cursor: string | null | undefined,
): Values | null {
  if (!cursor) return null;
  const values = parsed(cursor);
  const fits =
    values?.length === example.length + 1 &&
    values[0] === order &&
    example.every((type, index) => {
      const value = values[index + 1];
      return typeof value === type && (typeof value !== 'number' || Number.isSafeInteger(value));
    });
  if (!fits) {
    throw new DomainError('validation_failed', 'The cursor does not belong to this list; begin without one', [
      { path: 'cursor', code: 'invalid_cursor', message: 'does not belong to this list' },
    ]);
  }
  return values.slice(1) as Values;
}

function parsed(cursor: string): unknown[] | null {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(values) ? values : null;
  } catch {
    return null;
  }
}

/** A page from one row more than were asked for. */
export function pageOf<Item>(rows: Item[], limit: number, cursorOf: (last: Item) => string): Page<Item> {
  if (rows.length <= limit) return { items: rows, next_cursor: null };
  const items = rows.slice(0, limit);
  return { items, next_cursor: cursorOf(items[limit - 1] as Item) };
}

/** `text` as part of a LIKE pattern, its own % and _ meaning themselves. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/gu, '\\$&');
}
