import { BitmapCache, type Bitmap } from './bitmap-cache';

class FakeBitmap implements Bitmap {
  closed = false;
  readonly width = 10;
  readonly height = 10;
  close() {
    this.closed = true;
  }
}

const source = (id: number) => ({ id, url: `/${id}` });

function setup(budget = 10_000) {
  const loads: number[] = [];
  const bitmaps = new Map<number, FakeBitmap>();
  const aborted: number[] = [];
  const cache = new BitmapCache<FakeBitmap>((wanted, signal) => {
    loads.push(wanted.id);
    signal.addEventListener('abort', () => aborted.push(wanted.id));
    const bitmap = new FakeBitmap();
    bitmaps.set(wanted.id, bitmap);
    return Promise.resolve(bitmap);
  }, budget);
  return { cache, loads, bitmaps, aborted };
}

test('a prefetched picture is not loaded again', async () => {
  const { cache, loads } = setup();
  cache.prefetch([source(1)]);
  await cache.show(source(1));
  expect(loads).toEqual([1]);
});

test('the least recently wanted picture is closed beyond the budget, never the one on show', async () => {
  const { cache, bitmaps } = setup(2 * 400);
  await cache.show(source(1));
  for (const id of [2, 3, 4]) {
    cache.prefetch([source(id)]);
    await Promise.resolve();
    await Promise.resolve();
  }
  expect([1, 2, 3, 4].map((id) => bitmaps.get(id)?.closed)).toEqual([false, true, true, false]);
});

test('a neighbour that is passed by is given up', () => {
  const { cache, aborted } = setup();
  cache.prefetch([source(1), source(2)]);
  cache.prefetch([source(2)]);
  expect(aborted).toEqual([1]);
});

test('a failure is told to whoever shows the picture and tried again next time', async () => {
  let tries = 0;
  const cache = new BitmapCache<FakeBitmap>(() =>
    ++tries === 1 ? Promise.reject(new Error('cut')) : Promise.resolve(new FakeBitmap()),
  );
  await expect(cache.show(source(1))).rejects.toThrow('cut');
  await expect(cache.show(source(1))).resolves.toBeInstanceOf(FakeBitmap);
});

test('clearing closes everything', async () => {
  const { cache, bitmaps } = setup();
  await cache.show(source(1));
  cache.clear();
  expect(bitmaps.get(1)?.closed).toBe(true);
});
