import { ApiError } from '@labelyard/contract';
import { TransferError } from './retry';
import { FakeServer } from './testing/fake-server';
import { picked, setUp } from './testing/run-setup';
import type { UploadStore } from './upload-store';

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

/** Fails the first `times` requests whose name begins with `prefix`. */
function failing(prefix: string, error: () => Error, times = 1): void {
  server.fail = (request) => (request.startsWith(prefix) && times-- > 0 ? error() : undefined);
}

test('450 files: announced in batches, each sent once, all become images', async () => {
  const { upload, finished } = setUp(server);
  const paths = Array.from({ length: 450 }, (_, index) => `shoot/${index}.jpg`);
  await upload.add(paths.map((path) => picked(path)));
  await finished();
  expect(server.log.filter((request) => request === 'uploads.create')).toHaveLength(3);
  expect([...server.images].sort()).toEqual([...paths].sort());
  expect(paths.every((path) => server.puts(path) === 1)).toBe(true);
  expect(server.log.filter((request) => request === 'uploads.complete').length).toBeLessThanOrEqual(30);
  expect(upload.items.sentBytes).toBe(450 * 4);
});

test('no more transfers at once than there are slots', async () => {
  let open = 0;
  let most = 0;
  const put = server.put;
  Object.assign(server, {
    put: async (request: Parameters<typeof put>[0]) => {
      most = Math.max(most, ++open);
      try {
        return await put(request);
      } finally {
        open--;
      }
    },
  });
  const { upload, finished } = setUp(server, { slots: 4 });
  await upload.add(Array.from({ length: 60 }, (_, index) => picked(`${index}.jpg`)));
  await finished();
  expect(most).toBe(4);
});

test('a large file goes in parts, joined by their ETags', async () => {
  const { upload, finished } = setUp(server);
  await upload.add([picked('large.jpg', 34)]);
  await finished();
  expect(server.puts('large.jpg')).toBe(4);
  expect(server.images).toEqual(['large.jpg']);
});

test('parts that arrived are not sent again after a failure', async () => {
  failing('put large.jpg#3', () => new TransferError(0));
  const { upload, finished, waits } = setUp(server);
  await upload.add([picked('large.jpg', 34)]);
  await finished();
  expect(server.log.filter((request) => request.startsWith('put'))).toEqual([
    'put large.jpg#1',
    'put large.jpg#2',
    'put large.jpg#3',
    'put large.jpg#3',
    'put large.jpg#4',
  ]);
  expect(waits).toEqual([500]);
});

test('a storage that hides ETags cannot take parts: the file fails with a reason', async () => {
  server.exposesEtags = false;
  const { upload, finished, states } = setUp(server);
  await upload.add([picked('large.jpg', 34)]);
  await finished();
  expect(states()).toEqual({ 'large.jpg': 'transfer_failed' });
});

test.each([
  ['the connection', () => new TransferError(0)],
  ['a busy storage', () => new TransferError(503)],
  ['too many requests', () => new TransferError(429, 3)],
])('%s: waits and goes on for as long as it takes', async (_name, error) => {
  failing('put a.jpg', error, 12);
  const { upload, finished, waits, states } = setUp(server);
  await upload.add([picked('a.jpg')]);
  await finished();
  expect(states()).toEqual({ 'a.jpg': 'done' });
  expect(waits).toHaveLength(12);
});

test('a server error is retried a few times, then the file fails and can be tried again by hand', async () => {
  failing('put a.jpg', () => new TransferError(500), 6);
  const { upload, finished, states } = setUp(server);
  await upload.add([picked('a.jpg'), picked('b.jpg')]);
  await finished();
  expect(states()).toEqual({ 'a.jpg': 'transfer_failed', 'b.jpg': 'done' });
  upload.retryFailed();
  await finished();
  expect(states()).toEqual({ 'a.jpg': 'done', 'b.jpg': 'done' });
});

test('a link that has run out is fetched anew, one request for all files of the session', async () => {
  failing('put', () => new TransferError(403), 3);
  const { upload, finished, states } = setUp(server);
  await upload.add([picked('a.jpg'), picked('b.jpg'), picked('c.jpg')]);
  await finished();
  expect(states()).toEqual({ 'a.jpg': 'done', 'b.jpg': 'done', 'c.jpg': 'done' });
  expect(server.log.filter((request) => request === 'uploads.get').length).toBeLessThanOrEqual(3);
});

test('a storage that always refuses is not asked for ever', async () => {
  failing('put', () => new TransferError(403), Infinity);
  const { upload, finished, states } = setUp(server);
  await upload.add([picked('a.jpg')]);
  await finished();
  expect(states()).toEqual({ 'a.jpg': 'transfer_failed' });
});

test('a session the server has forgotten is announced again', async () => {
  const { upload, finished } = setUp(server);
  server.fail = (request) => {
    // Only the first: the new one answers.
    if (request === 'uploads.complete') server.sessions.delete(1);
    return undefined;
  };
  await upload.add([picked('a.jpg')]);
  await finished();
  expect(server.images).toEqual(['a.jpg']);
  expect(server.sessions.has(2)).toBe(true);
});

test('refused files are named with the server’s reason; the others go on', async () => {
  server.damaged.set('bad.jpg', 'damaged_image');
  server.existing.add('old.jpg');
  const { upload, finished, states } = setUp(server);
  await upload.add([picked('bad.jpg'), picked('old.jpg'), picked('good.jpg')]);
  await finished();
  expect(states()).toEqual({ 'bad.jpg': 'damaged_image', 'old.jpg': 'skipped', 'good.jpg': 'done' });
  expect(server.puts('old.jpg')).toBe(0);
});

test('bytes that did not arrive whole are sent again, but not for ever', async () => {
  server.damaged.set('a.jpg', 'hash_mismatch');
  const { upload, finished, states } = setUp(server);
  await upload.add([picked('a.jpg')]);
  await finished();
  expect(states()).toEqual({ 'a.jpg': 'hash_mismatch' });
  expect(server.puts('a.jpg')).toBe(4);
});

test('names are matched although the server spells them in another way', async () => {
  const { upload, finished, states } = setUp(server);
  await upload.add([picked('cafe\u0301.jpg')]);
  await finished();
  expect(states()).toEqual({ 'cafe\u0301.jpg': 'done' });
  expect(server.images).toEqual(['caf\u00e9.jpg']);
});

test('a file that was deleted meanwhile fails with its own reason', async () => {
  const gone = new File(['x'], 'gone.jpg');
  Object.assign(gone, {
    slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) }),
  });
  failing('put', () => new TransferError(0), Infinity);
  const { upload, finished, states } = setUp(server);
  await upload.add([{ path: 'gone.jpg', file: gone }]);
  await finished();
  expect(states()).toEqual({ 'gone.jpg': 'file_unreadable' });
});

test.each([
  [new ApiError(401, 'unauthorized', ''), 'unauthorized'],
  [new ApiError(403, 'forbidden', ''), 'forbidden'],
  [new ApiError(404, 'not_found', ''), 'not_found'],
] as const)('%o at announcing stops the upload; it goes on when resumed', async (error, code) => {
  failing('uploads.create', () => error);
  const { upload, until, finished } = setUp(server);
  await upload.add([picked('a.jpg')]);
  await until(() => upload.phase === 'stopped');
  expect(upload.stoppedBy).toBe(code);
  upload.resume();
  await finished();
  expect(server.images).toEqual(['a.jpg']);
});

test.each([0, 500])('an API that is away (status %d) is waited for', async (status) => {
  failing('uploads', () => new ApiError(status, 'unreachable', ''), 9);
  const { upload, finished, waits } = setUp(server);
  await upload.add([picked('a.jpg')]);
  await finished();
  expect(waits).toHaveLength(9);
  expect(server.images).toEqual(['a.jpg']);
});

test('pausing stops transfers at once, resuming finishes without sending arrived files again', async () => {
  const { upload, until, finished } = setUp(server, { slots: 1 });
  await upload.add([picked('a.jpg'), picked('b.jpg'), picked('c.jpg')]);
  await until(() => upload.items.get(0).state === 'sent');
  upload.pause();
  expect(upload.phase).toBe('paused');
  const { length } = server.log;
  await upload.settled();
  expect(server.log).toHaveLength(length);
  upload.resume();
  await finished();
  expect([...server.images].sort()).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
  expect(server.puts('a.jpg')).toBe(1);
});

test('the choice about duplicates is the server’s to carry out', async () => {
  server.existing.add('a.jpg');
  const { upload, finished } = setUp(server);
  await upload.add([picked('a.jpg')], 'overwrite');
  await finished();
  expect(server.sessions.get(1)?.on_duplicate).toBe('overwrite');
  expect(server.images).toEqual(['a.jpg']);
});

test('a file that was changed and picked again while it was on its way is sent as it is now', async () => {
  const put = server.put;
  const [arrived, half] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let first = true;
  server.put = async (request) => {
    const answer = await put(request);
    if (first) {
      first = false;
      arrived.resolve();
      await half.promise;
    }
    return answer;
  };
  // The disk is slow: the old bytes are through before anything is said of the new ones.
  let written = Promise.resolve();
  const store = { saveItems: () => written, saveRun: () => written } as unknown as UploadStore;
  const { upload, finished, states } = setUp(server, { store });
  await upload.add([picked('a.jpg', 4, 7)]);
  await arrived.promise;
  const disk = Promise.withResolvers<void>();
  written = disk.promise;
  const added = upload.add([picked('a.jpg', 6, 8)]);
  half.resolve();
  await new Promise((resolve) => setTimeout(resolve, 0));
  disk.resolve();
  await added;
  await finished();
  expect(states()).toEqual({ 'a.jpg': 'done' });
  expect(upload.items.all).toMatchObject([{ size: 6 }]);
  expect(server.storedBytes('a.jpg')).toBe(6);
});

test('a file that has arrived is made an image after a moment, however long the next one takes', async () => {
  const put = server.put;
  let progress: ((bytes: number) => void) | null = null;
  server.put = (request) => {
    if (!request.url.includes('large.jpg')) return put(request);
    progress = request.onProgress;
    return new Promise(() => undefined);
  };
  const { upload, until, tick } = setUp(server);
  await upload.add([picked('large.jpg', 9), picked('small.jpg')]);
  await until(() => upload.items.count('sent') === 1);
  tick(5_000);
  progress!(5);
  await until(() => upload.items.count('done') === 1);
  expect(server.images).toEqual(['small.jpg']);
});
