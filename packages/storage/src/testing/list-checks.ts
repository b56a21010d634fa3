/// <reference types="jest" />
import { compareBytewise } from '../bytewise.js';
import type { ListedObject } from '../driver.js';
import { InvalidKey } from '../errors.js';
import type { ContractContext } from './contract.js';

const AT_ONCE = 32;

/** Listing: order, pages, prefixes, where to start. */
export function listChecks({ driver, key, optional }: ContractContext): void {
  const content_type = 'application/octet-stream';

  async function putAll(keys: readonly string[]): Promise<void> {
    for (let start = 0; start < keys.length; start += AT_ONCE) {
      const some = keys.slice(start, start + AT_ONCE);
      await Promise.all(some.map((one) => driver().put(one, Buffer.from(one), { content_type })));
    }
  }
  async function listed(prefix: string, start_after?: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key: one } of driver().list(prefix, { start_after })) keys.push(one);
    return keys;
  }

  describe('listing', () => {
    // In bytewise order: `/` stands between `.` and `0`; U+FF5E before U+1F600, though UTF-16 has it the other way round.
    const ordered = [
      'A',
      'B/a',
      'a b',
      'a!',
      'a-',
      'a.b',
      'a/',
      'a/A',
      'a/b',
      'a0',
      'aa',
      'b',
      '\u00e9',
      '\uff5e',
      '\u{1f600}',
    ]
      .filter((name) => !name.endsWith('/'))
      .map((name) => `order/${name}`);
    const keys = ordered.map(key);

    beforeAll(() => putAll(keys.toReversed()));

    test('is in bytewise order of the whole key', async () => {
      expect(keys.toSorted(compareBytewise)).toEqual(keys);
      expect(await listed(key('order/'))).toEqual(keys);
    });

    test('tells size, etag and time as head does', async () => {
      const found: ListedObject[] = [];
      for await (const one of driver().list(key('order/a/'))) found.push(one);
      expect(found.map((one) => one.key)).toEqual([key('order/a/A'), key('order/a/b')]);
      for (const { key: one, size, etag, modified_at } of found) {
        const head = await driver().head(one);
        expect({ size, etag }).toEqual({ size: head.size, etag: head.etag });
        expect(Math.abs(modified_at.getTime() - head.modified_at.getTime())).toBeLessThan(2_000);
      }
    });

    test('takes any beginning of a key as prefix', async () => {
      const starting = (prefix: string) => keys.filter((one) => one.startsWith(key(prefix)));
      for (const prefix of ['order', 'order/a', 'order/a/', 'order/a/b', 'order/A', 'order/\u00e9', 'order/B/']) {
        expect(await listed(key(prefix))).toEqual(starting(prefix));
      }
      expect(await listed(key('order/zzz'))).toEqual([]);
      expect(await listed(key('order/a/b/'))).toEqual([]);
    });

    test('starts after any key, there or not', async () => {
      for (const [index, one] of keys.entries()) {
        expect(await listed(key('order/'), one)).toEqual(keys.slice(index + 1));
      }
      expect(await listed(key('order/'), key('order/a/a'))).toEqual(keys.slice(keys.indexOf(key('order/a/b'))));
      expect(await listed(key('order/'), key('order/'))).toEqual(keys);
      expect(await listed(key('order/a/'), key('order/z'))).toEqual([]);
      expect(await listed(key('order/a/'), key('order/A'))).toEqual([key('order/a/A'), key('order/a/b')]);
    });

    test('goes on after 1,000 keys, and deleteMany takes as many', async () => {
      const many = Array.from({ length: 1_050 }, (_, n) => key(`many/${n % 7}/${String(n).padStart(5, '0')} é.jpg`));
      await putAll(many);
      const sorted = many.toSorted(compareBytewise);
      expect(await listed(key('many/'))).toEqual(sorted);
      expect(await listed(key('many/'), sorted[1_000])).toEqual(sorted.slice(1_001));
      await driver().deleteMany(driverKeys(sorted.slice(1)));
      expect(await listed(key('many/'))).toEqual(sorted.slice(0, 1));
    }, 90_000);

    test('what lies below another object’s key is listed with it', () =>
      optional('nested_keys', async () => {
        await putAll([key('nested/a'), key('nested/a/b')]);
        expect(await listed(key('nested/'))).toEqual([key('nested/a'), key('nested/a/b')]);
      }));

    test('can be left early', async () => {
      for await (const { key: first } of driver().list(key('order/'))) {
        expect(first).toBe(keys[0]);
        break;
      }
    });

    test.each(['a//', '../', 'a/../b', 'a\0', 'a\\', '\ud800'])('does not take the prefix %j', (bad) => {
      expect(() => driver().list(bad)).toThrow(InvalidKey);
    });
  });
}

/** Keys as a listing gives them. */
async function* driverKeys(keys: readonly string[]): AsyncGenerator<string> {
  yield* keys;
}
