import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { KeyRefused, type StorageDriver } from '@labelyard/storage';
import { emptyTallies, type SyncReport } from '../../src/storage/sync-report.js';
import { syncBucket, type SyncOptions } from '../../src/storage/sync-bucket.js';
import { contents, fill, manifestOf, twoDisks } from './two-sides.js';

const signal = new AbortController().signal;

function sync({ from, to, folder }: ReturnType<typeof twoDisks>, options: Partial<SyncOptions> = {}) {
  return syncBucket({ source: from, target: to, folder, signal, ...options });
}

/** How many objects each class has, without the empty ones. */
function classes({ found }: SyncReport): Record<string, number> {
  return Object.fromEntries(
    Object.keys(emptyTallies())
      .map((name) => [name, found[name as keyof typeof found].objects] as const)
      .filter(([, objects]) => objects > 0),
  );
}

/** The same driver; counts what is asked of it. */
function counted(driver: StorageDriver): StorageDriver & { calls: Record<string, number> } {
  const calls: Record<string, number> = {};
  const note = (name: string) => (calls[name] = (calls[name] ?? 0) + 1);
  return {
    ...driver,
    calls,
    get: (...args) => (note('get'), driver.get(...args)),
    head: (...args) => (note('head'), driver.head(...args)),
    put: (...args) => (note('put'), driver.put(...args)),
  };
}

const OBJECTS = {
  '1/images/a.png': 'a',
  '1/images/empty.jpg': '',
  '1/images/강아지 1.jpg': Buffer.alloc(3_000_000, 7),
  '10/images/b.jpg': 'b',
  '2/images/c/d.jpg': 'd',
};

describe('a sync', () => {
  test('copies everything with its type and what else is kept, and writes the manifest in order', async () => {
    using sides = twoDisks();
    await fill(sides.from, OBJECTS);
    const report = await sync(sides);
    expect(classes(report)).toEqual({ copy: 5 });
    expect(report.copied).toEqual({ objects: 5, bytes: 3_000_003 });
    expect(await contents(sides.to)).toEqual(await contents(sides.from));
    const manifest = await manifestOf(report.manifest);
    expect(manifest.map(({ key }) => key)).toEqual(Object.keys(OBJECTS));
    for (const { key, size, sha256 } of manifest) {
      const bytes = Buffer.from(OBJECTS[key as keyof typeof OBJECTS]);
      expect({ size, sha256 }).toEqual({
        size: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      });
    }
  });

  test('run again reads nothing and asks for no object', async () => {
    using sides = twoDisks();
    await fill(sides.from, OBJECTS);
    await sync(sides);
    const [source, target] = [counted(sides.from), counted(sides.to)];
    expect(classes(await sync(sides, { source, target }))).toEqual({ skip: 5 });
    expect(source.calls).toEqual({ head: 1 });
    expect(target.calls).toEqual({ put: 1 });
  });

  test('never overwrites nor deletes by itself', async () => {
    using sides = twoDisks();
    await fill(sides.from, { same: 'same', differs: 'one', other_size: 'four', fresh: 'x' });
    await fill(sides.to, { same: 'same', differs: 'two', other_size: 'seven77', own: 'mine' });
    const before = await contents(sides.to);
    const report = await sync(sides);
    expect(classes(report)).toEqual({ copy: 1, compare: 2, conflict: 1, extra: 1 });
    expect(report).toMatchObject({ equal: { objects: 1 }, differing: { objects: 1, samples: ['differs'] } });
    const { fresh, ...others } = await contents(sides.to);
    expect(fresh).toBeDefined();
    expect(others).toEqual(before);
    const told = await sync(sides, { permissions: { overwrite: true, delete: true } });
    expect(classes(told)).toEqual({ compare: 1, skip: 2, overwrite: 1, extra: 1 });
    expect(await contents(sides.to)).toEqual({ ...(await contents(sides.from)), own: before['own'] });
  });

  test('takes over what changes on the source, and deletes only when told', async () => {
    using sides = twoDisks();
    await fill(sides.from, { a: 'a', b: 'b', c: 'c' });
    await sync(sides);
    await fill(sides.from, { b: 'changed', d: 'new' });
    await sides.from.delete('a');
    expect(classes(await sync(sides))).toEqual({ copy: 1, update: 1, skip: 1, deleted: 1 });
    expect(Object.keys(await contents(sides.to))).toEqual(['a', 'b', 'c', 'd']);
    expect(classes(await sync(sides, { permissions: { delete: true } }))).toEqual({ skip: 3, delete: 1 });
    expect(await contents(sides.to)).toEqual(await contents(sides.from));
    expect(classes(await sync(sides))).toEqual({ skip: 3 });
  });

  test('goes back with what came and changed on the new side, and forward again', async () => {
    using sides = twoDisks();
    await fill(sides.from, { a: 'a', b: 'b', c: 'c' });
    await sync(sides);
    await fill(sides.to, { b: 'changed there', d: 'came there' });
    await sides.to.delete('c');
    const back = { source: sides.to, target: sides.from, direction: 'backward' } as const;
    expect(classes(await sync(sides, back))).toEqual({ copy: 1, update: 1, skip: 1, deleted: 1 });
    const { c, ...others } = await contents(sides.from);
    expect(c).toBeDefined();
    expect(others).toEqual(await contents(sides.to));
    expect(classes(await sync(sides))).toEqual({ skip: 3, copy: 1 });
  });

  test('looks only at what it is told to', async () => {
    using sides = twoDisks();
    await fill(sides.from, OBJECTS);
    await sync(sides, { scope: { prefixes: ['1/', '2/'] } });
    expect(Object.keys(await contents(sides.to))).toHaveLength(4);
    await fill(sides.from, { '1/images/a.png': 'changed', '3/x.jpg': 'x' });
    const keys = await sync(sides, { scope: { keys: ['1/images/a.png', '3/x.jpg', '4/gone.jpg'] } });
    expect(classes(keys)).toEqual({ copy: 1, update: 1 });
    expect(Object.keys(await contents(sides.to))).not.toContain('10/images/b.jpg');
    expect(classes(await sync(sides))).toEqual({ copy: 1, skip: 5 });
  });

  test('keeps NFC and NFD spellings from becoming one object', async () => {
    using sides = twoDisks();
    const [nfc, nfd] = ['강아지.jpg'.normalize('NFC'), '강아지.jpg'.normalize('NFD')];
    const alone = 'é.jpg'.normalize('NFD');
    await fill(sides.from, { [nfc]: 'composed', [nfd]: 'decomposed', [alone]: 'alone' });
    const report = await sync(sides);
    expect(classes(report)).toEqual({ copy: 2, nfc_collision: 1 });
    expect(Object.keys(await contents(sides.to)).toSorted()).toEqual([nfc, alone].toSorted());
  });

  test('tells that both sides are one bucket, before it does anything', async () => {
    using sides = twoDisks();
    await fill(sides.from, OBJECTS);
    await expect(sync(sides, { target: sides.from })).rejects.toThrow('are the same bucket');
    expect(Object.keys(await contents(sides.from))).toEqual(Object.keys(OBJECTS));
  });

  test('a key that the target does not take is told, and the others are copied', async () => {
    using sides = twoDisks();
    await fill(sides.from, OBJECTS);
    const target: StorageDriver = {
      ...sides.to,
      put: (key, ...rest) =>
        key.endsWith('d.jpg') ? Promise.reject(new KeyRefused(`no object named "${key}"`)) : sides.to.put(key, ...rest),
    };
    const report = await sync(sides, { target });
    expect(report).toMatchObject({
      copied: { objects: 4 },
      failed: 1,
      failures: [{ key: '2/images/c/d.jpg', message: 'no object named "2/images/c/d.jpg"' }],
    });
  });

  test('stops at an abort and goes on where it was', async () => {
    using sides = twoDisks();
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`1/images/${n}.jpg`, `image ${n}`]));
    await fill(sides.from, many);
    const controller = new AbortController();
    const stopped = sync(sides, {
      signal: controller.signal,
      onProgress: ({ copied }) => copied === 50 && controller.abort(new Error('Ctrl-C')),
    });
    await expect(stopped).rejects.toThrow('Ctrl-C');
    const report = await sync(sides);
    expect(report.copied.objects).toBeLessThanOrEqual(150);
    expect(await contents(sides.to)).toEqual(await contents(sides.from));
  });

  test('a journal that a crash cut short costs no more than its last line', async () => {
    using sides = twoDisks();
    await fill(sides.from, OBJECTS);
    await sync(sides);
    appendFileSync(join(sides.folder, 'journal.ndjson'), '{"event":"copied","key":"1/im');
    expect(classes(await sync(sides))).toEqual({ skip: 5 });
  });
});
