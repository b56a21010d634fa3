import 'fake-indexeddb/auto';
import { findFiles } from './found-files';
import { FakeServer } from './testing/fake-server';
import { RUN, setUp } from './testing/run-setup';
import { zipFile, type ZipPart } from './testing/zip-of';
import { UploadStore } from './upload-store';

const PARTS: ZipPart[] = [
  { name: 'set/a.jpg', bytes: 'aaaa' },
  { name: 'set/b.jpg', bytes: 'bbbb', method: 0 },
  { name: 'set/c.jpg', bytes: 'cccc' },
  { name: 'set/d.jpg', bytes: 'dddd' },
];

let server: FakeServer;
let count = 0;

beforeEach(() => {
  server = new FakeServer();
});

const find = async (...parts: ZipPart[]) => (await findFiles([zipFile('set.zip', parts)], 1_000)).accepted;

test('files of an archive are sent as if they had been picked singly, in parts where they are large', async () => {
  const { upload, finished, states } = setUp(server);
  await upload.add(await find(...PARTS, { name: 'set/large.jpg', bytes: 'x'.repeat(34) }));
  await finished();
  expect(new Set(Object.values(states()))).toEqual(new Set(['done']));
  expect([server.storedBytes('set/a.jpg'), server.storedBytes('set/large.jpg')]).toEqual([4, 34]);
  expect(server.puts('set/large.jpg')).toBe(4);
});

test('one that is damaged in the archive, or larger than it says, is refused and the rest goes on', async () => {
  const { upload, finished, states } = setUp(server);
  const broken = [
    { name: 'set/damaged.jpg', crc: 1 },
    { name: 'set/bomb.jpg', bytes: 'x'.repeat(900), size: 4 },
  ];
  await upload.add(await find(...broken, ...PARTS));
  await finished();
  expect(states()).toMatchObject({
    'set/damaged.jpg': 'damaged_in_archive',
    'set/bomb.jpg': 'unpacks_to_more',
    'set/a.jpg': 'done',
    'set/d.jpg': 'done',
  });
  expect([server.puts('set/damaged.jpg'), server.puts('set/bomb.jpg')]).toEqual([0, 0]);
});

test('an archive that was deleted meanwhile can be tried again', async () => {
  const { upload, finished, states } = setUp(server);
  const archive = zipFile('set.zip', [{ name: 'a.jpg' }]);
  const { accepted } = await findFiles([archive], 1_000);
  const { slice } = archive;
  archive.slice = () =>
    ({ arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotFoundError')) }) as unknown as Blob;
  await upload.add(accepted);
  await finished();
  expect(states()).toEqual({ 'a.jpg': 'file_unreadable' });
  archive.slice = slice;
  upload.retryFailed();
  await finished();
  expect(states()).toEqual({ 'a.jpg': 'done' });
});

test('after a reload the archive is picked again, and only what is missing is sent', async () => {
  const store = await UploadStore.open(`archives-${++count}`);
  const before = setUp(server, { store, slots: 1 });
  await before.upload.add(await find(...PARTS));
  await before.until(() => before.upload.items.get(1).state === 'sent');
  before.upload.pause();
  await before.upload.settled();

  const after = setUp(server, { store, items: await store.itemsOf(RUN.id) });
  after.upload.resume();
  await after.until(() => after.upload.phase === 'interrupted');
  expect(after.upload.items.missing).toBe(2);
  // Downloaded again: another date, the same content.
  const again = zipFile('set (1).zip', PARTS, 99);
  await after.upload.add((await findFiles([again], 1_000)).accepted);
  await after.finished();
  expect([...server.images].sort()).toEqual(['set/a.jpg', 'set/b.jpg', 'set/c.jpg', 'set/d.jpg']);
  expect([server.puts('set/a.jpg'), server.puts('set/b.jpg')]).toEqual([1, 1]);
  store.close();
});
