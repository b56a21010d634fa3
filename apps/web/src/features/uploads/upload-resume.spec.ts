import 'fake-indexeddb/auto';
import { FakeServer } from './testing/fake-server';
import { picked, RUN, setUp } from './testing/run-setup';
import { UploadStore } from './upload-store';

let server: FakeServer;
let store: UploadStore;
let count = 0;

beforeEach(async () => {
  server = new FakeServer();
  store = await UploadStore.open(`uploads-${++count}`);
});

afterEach(() => store.close());

/** The same upload after the page was loaded anew: what is on disk, and no file at hand. */
async function reload() {
  const setup = setUp(server, { store, items: await store.itemsOf(RUN.id) });
  setup.upload.resume();
  return setup;
}

test('after a crash only what is missing goes on, once its files are picked again', async () => {
  const before = setUp(server, { store, slots: 1 });
  const files = ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'].map((path) => picked(path));
  await before.upload.add(files);
  await before.until(() => before.upload.items.get(1).state === 'sent');
  before.upload.pause();
  await before.upload.settled();

  const after = await reload();
  await after.until(() => after.upload.phase === 'interrupted');
  expect(after.upload.items.missing).toBe(2);
  expect([...server.images].sort()).toEqual(['a.jpg', 'b.jpg']);
  await after.upload.add(files);
  await after.finished();
  expect([...server.images].sort()).toEqual(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg']);
  expect(server.sessions.size).toBe(1);
  expect([server.puts('a.jpg'), server.puts('b.jpg')]).toEqual([1, 1]);
});

test('parts that arrived before the crash are not sent again', async () => {
  const before = setUp(server, { store });
  const file = picked('large.jpg', 34);
  await before.upload.add([file]);
  await before.until(() => before.upload.items.get(0).parts.length === 2);
  before.upload.pause();
  await before.upload.settled();
  const sent = server.puts('large.jpg');

  const after = await reload();
  await after.upload.add([file]);
  await after.finished();
  expect(server.images).toEqual(['large.jpg']);
  expect(server.log.slice(-4).filter((request) => request.startsWith('put'))).not.toContain('put large.jpg#1');
  expect(server.puts('large.jpg')).toBeLessThanOrEqual(sent + 2);
});

test('a file that was changed meanwhile begins anew', async () => {
  const before = setUp(server, { store, slots: 1 });
  await before.upload.add([picked('a.jpg', 4), picked('b.jpg', 4)]);
  await before.until(() => before.upload.items.get(0).state === 'sent');
  before.upload.pause();
  await before.upload.settled();

  const after = await reload();
  await after.upload.add([picked('a.jpg', 4), picked('b.jpg', 9, 8)]);
  await after.finished();
  expect(after.states()).toEqual({ 'a.jpg': 'done', 'b.jpg': 'done' });
  expect(after.upload.items.get(1)).toMatchObject({ size: 9, modified: 8 });
});

test('files that arrived need not be picked again', async () => {
  const before = setUp(server, { store });
  server.fail = (request) => (request === 'uploads.complete' ? new Error('the tab was closed') : undefined);
  await before.upload.add([picked('a.jpg')]);
  await before.until(() => before.upload.phase === 'stopped');
  await before.upload.settled();
  server.fail = () => undefined;

  const after = await reload();
  await after.finished();
  expect(server.images).toEqual(['a.jpg']);
});

test('a discarded upload leaves nothing behind', async () => {
  const { upload } = setUp(server, { store });
  await upload.add([picked('a.jpg'), picked('b.jpg')]);
  await upload.discard();
  await upload.settled();
  expect(await store.itemsOf(RUN.id)).toEqual([]);
  expect(await store.runsOf('u1')).toEqual([]);
});

test('uploads belong to the person who began them', async () => {
  await store.saveRun(RUN);
  await store.saveRun({ ...RUN, id: 'other', user_id: 'u2' });
  expect((await store.runsOf('u1')).map(({ id }) => id)).toEqual(['run-1']);
});
