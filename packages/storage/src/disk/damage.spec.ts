import {
  appendFile,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StorageDamaged, StorageUnavailable } from '../errors.js';
import { createStorage, type Storage } from '../storage.js';
import { bytesAt } from '../testing/bytes.js';

const content_type = 'image/jpeg';
const DAY = 24 * 3_600_000;

describe('what may happen to a folder', () => {
  let root: string;
  let storage: Storage;
  const start = (at = root) =>
    createStorage({
      driver: 'disk',
      root: at,
      public_url: '',
      signing_secret: 'a secret for tests, of more than 32 characters',
    });
  const file = (...path: string[]) => join(root, 'datasets', ...path);
  const object = file.bind(undefined, 'objects');
  async function listed(prefix = ''): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of storage.datasets.list(prefix)) keys.push(key);
    return keys;
  }

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'labelyard-damage-'));
    storage = start();
    await storage.datasets.put('1/images/a.jpg', Buffer.from('some bytes'), { content_type });
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const path = () => object('1+', 'images+', 'a.jpg');
  test.each<[string, () => Promise<unknown>]>([
    ['cut short', () => truncate(path(), 20)],
    ['emptied', () => truncate(path(), 0)],
    ['replaced by hand', () => writeFile(path(), 'not ours')],
    ['appended to', () => appendFile(path(), 'x')],
    ['changed inside', async () => writeFile(path(), (await readFile(path())).subarray(1))],
    [
      'another key’s',
      async () => {
        await storage.datasets.put('1/images/b.jpg', Buffer.from('other'), { content_type });
        await copyFile(object('1+', 'images+', 'b.jpg'), path());
      },
    ],
  ])('a file that was %s is an error that names it, in every method', async (_what, damage) => {
    await damage();
    for (const attempt of [
      () => storage.datasets.get('1/images/a.jpg'),
      () => storage.datasets.head('1/images/a.jpg'),
      () => storage.datasets.copy('1/images/a.jpg', '1/images/c.jpg'),
      () => listed(),
    ]) {
      await expect(attempt()).rejects.toThrow(StorageDamaged);
      await expect(attempt()).rejects.toThrow(path());
    }
    await storage.datasets.put('1/images/a.jpg', Buffer.from('restored'), { content_type });
    expect((await bytesAt(storage.datasets, '1/images/a.jpg')).toString()).toBe('restored');
    expect(await readdir(file('temporary'))).toEqual([]);
  });

  test('an object file begins with the object’s very bytes', async () => {
    expect((await readFile(path())).subarray(0, 10).toString()).toBe('some bytes');
  });

  test('files of others are left alone', async () => {
    await writeFile(object('1+', 'images+', '.DS_Store'), 'x');
    await writeFile(object('1+', 'Thumbs.db'), 'x');
    await mkdir(object('lost+found'));
    expect(await listed()).toEqual(['1/images/a.jpg']);
    await storage.datasets.delete('1/images/a.jpg');
    expect(await listed()).toEqual([]);
    expect(await readdir(object('1+', 'images+'))).toEqual(['.DS_Store']);
  });

  test('a copy of the folder elsewhere is the same storage', async () => {
    const { etag, modified_at } = await storage.datasets.head('1/images/a.jpg');
    await rename(join(root, 'datasets'), join(root, 'moved'));
    await mkdir(join(root, 'new'));
    await rename(join(root, 'moved'), join(root, 'new', 'datasets'));
    const moved = start(join(root, 'new'));
    expect(await moved.datasets.head('1/images/a.jpg')).toMatchObject({ etag, modified_at });
  });

  test('remains of a crash are invisible, and cleared when old', async () => {
    const upload = await storage.datasets.multipart('1/images/new.jpg', { content_type });
    await upload.putPart(1, Buffer.from('x'));
    const fresh = await storage.datasets.multipart('1/images/fresh.jpg', { content_type });
    await writeFile(file('temporary', 'cut off'), 'half');
    await writeFile(file('temporary', 'being written'), 'half');
    const old = (days: number) => new Date(Date.now() - days * DAY);
    await utimes(file('temporary', 'cut off'), old(2), old(2));
    await utimes(file('uploads', upload.upload_id), old(8), old(8));
    expect(await listed()).toEqual(['1/images/a.jpg']);

    const restarted = start();
    await restarted.ping();
    expect(await readdir(file('temporary'))).toEqual(['being written']);
    expect(await readdir(file('uploads'))).toEqual([fresh.upload_id]);
    expect(await listed()).toEqual(['1/images/a.jpg']);
  });

  test('puts and deletes of neighbours at once leave exactly what was put last', async () => {
    const rounds = Array.from({ length: 40 }, (_, n) => n);
    await Promise.all(
      rounds.map(async (n) => {
        const key = `race/deep/folder/${n % 4}/x${n}`;
        await storage.datasets.put(key, Buffer.from(key), { content_type });
        if (n % 2) await storage.datasets.delete(key);
      }),
    );
    expect((await listed('race/')).length).toBe(20);
  });

  test('an unusable folder is StorageUnavailable and named', async () => {
    await writeFile(join(root, 'in-the-way'), 'a file');
    const blocked = start(join(root, 'in-the-way'));
    await expect(blocked.ping()).rejects.toThrow(StorageUnavailable);
    await expect(blocked.datasets.put('a', Buffer.from('x'), { content_type })).rejects.toThrow('in-the-way');
    await rm(join(root, 'in-the-way'));
    await blocked.ping();
  });
});

test.each([
  [{ signing_secret: 'short' }, 'signing_secret'],
  [{ buckets: { datasets: '../up', annotations: 'b-b' } }, 'bucket name'],
  [{ buckets: { datasets: 'same', annotations: 'same' } }, 'two buckets'],
])('wrong options are refused at once: %j', (wrong, message) => {
  const options = { driver: 'disk', root: tmpdir(), public_url: '', signing_secret: 'x'.repeat(32) } as const;
  expect(() => createStorage({ ...options, ...wrong })).toThrow(message);
});
