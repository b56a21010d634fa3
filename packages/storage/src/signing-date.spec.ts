import { createStorage, type StorageOptions } from './storage.js';

const QUARTER = 15 * 60_000;
const start = Date.UTC(2026, 0, 1, 12, 0, 0);
const disk: StorageOptions = { driver: 'disk', root: '/nowhere', public_url: '', signing_secret: 'x'.repeat(32) };
const s3: StorageOptions = {
  driver: 's3',
  endpoint: 'https://account.r2.cloudflarestorage.com',
  access_key: 'key',
  secret_key: 'secret',
  buckets: { datasets: 'datasets', annotations: 'annotations' },
};

describe.each([
  ['disk', disk],
  ['s3', s3],
])('GET URLs of %s', (_name, options) => {
  const at = (now: number) =>
    createStorage({ ...options, now: () => now }).datasets.signGet('1/images/a.jpg', { expires_in: 600 });

  test('are the same on every replica through a quarter of an hour, and another in the next', () => {
    expect(at(start)).toBe(at(start + QUARTER - 1));
    expect(at(start)).not.toBe(at(start + QUARTER));
    expect(at(start)).not.toBe(at(start - 1));
  });

  test.each([0, 1, QUARTER / 2, QUARTER - 1])('have the wanted life left %d ms into it', (offset) => {
    expect(endOf(at(start + offset))).toBeGreaterThanOrEqual(start + offset + 600_000);
    expect(endOf(at(start + offset))).toBeLessThanOrEqual(start + offset + 600_000 + QUARTER);
  });

  test('PUT URLs last as long as asked, no longer', () => {
    const { datasets } = createStorage({ ...options, now: () => start + 1_000 });
    expect(endOf(datasets.signPut('a', { expires_in: 600, content_type: 'a/b' }))).toBe(start + 601_000);
  });
});

/** Milliseconds since 1970 when a URL stops working. */
function endOf(url: string): number {
  const { searchParams } = new URL(url, 'http://page');
  const expires = searchParams.get('expires');
  if (expires !== null) return Number(expires) * 1000;
  const date = (searchParams.get('X-Amz-Date') ?? '').replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z');
  return Date.parse(date) + Number(searchParams.get('X-Amz-Expires')) * 1000;
}
