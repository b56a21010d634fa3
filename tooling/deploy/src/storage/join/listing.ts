import { type ListedObject, ObjectNotFound, StorageUnavailable, type StorageDriver } from '@labelyard/storage';
import { withRetries, type RetryOptions } from '../transfer/retries.js';
import { readAhead } from './read-ahead.js';

/** Keys whose state is asked for at once. */
const HEADS_AT_ONCE = 32;

/** Which objects of a bucket are looked at. */
export type Scope =
  /** All below these beginnings of keys; `['']` is everything. */
  | { readonly prefixes: readonly string[] }
  /** These keys, sorted by their bytes, each once. */
  | { readonly keys: readonly string[] };

export const EVERYTHING: Scope = { prefixes: [''] };

export function inScope(scope: Scope): (key: string) => boolean {
  if ('prefixes' in scope) return (key) => scope.prefixes.some((prefix) => key.startsWith(prefix));
  const keys = new Set(scope.keys);
  return (key) => keys.has(key);
}

/** The objects in scope as they are now, by the bytes of their keys, read ahead. A listing that breaks goes on behind its last key. */
export function objectsIn(driver: StorageDriver, scope: Scope, retry: RetryOptions): AsyncIterable<ListedObject> {
  return readAhead('prefixes' in scope ? listAll(driver, scope.prefixes, retry) : headAll(driver, scope.keys, retry));
}

async function* listAll(
  driver: StorageDriver,
  prefixes: readonly string[],
  { signal, attempts }: RetryOptions,
): AsyncGenerator<ListedObject> {
  for (const prefix of prefixes) {
    let last: string | undefined;
    for (let failed = 0; ;) {
      try {
        const options = { signal, ...(last !== undefined && { start_after: last }) };
        for await (const object of driver.list(prefix, options)) {
          yield object;
          last = object.key;
          failed = 0;
        }
        break;
      } catch (error) {
        failed += 1;
        if (!(error instanceof StorageUnavailable) || failed >= attempts) throw error;
        await withRetries.pause(failed, error, signal);
      }
    }
  }
}

async function* headAll(
  driver: StorageDriver,
  keys: readonly string[],
  retry: RetryOptions,
): AsyncGenerator<ListedObject> {
  for (let start = 0; start < keys.length; start += HEADS_AT_ONCE) {
    const found = await Promise.all(
      keys.slice(start, start + HEADS_AT_ONCE).map(async (key) => {
        try {
          const { size, etag, modified_at } = await withRetries(
            () => driver.head(key, { signal: retry.signal }),
            retry,
          );
          return { key, size, etag, modified_at };
        } catch (error) {
          if (error instanceof ObjectNotFound) return undefined;
          throw error;
        }
      }),
    );
    for (const object of found) if (object) yield object;
  }
}
