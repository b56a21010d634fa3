import 'fake-indexeddb/auto';
import type { Sorting } from './picked-files';
import { FakeServer } from './testing/fake-server';
import { picked } from './testing/run-setup';
import { TransferSlots } from './transfer-slots';
import { UploadHub, type HubTools } from './upload-hub';
import { UploadStore } from './upload-store';

const TARGET = { dataset_id: 1, project_id: 1, name: 'Pandas' };
let count = 0;
let name: string;
let server: FakeServer;
const claimed = new Set<string>();

beforeEach(() => {
  name = `hub-${++count}`;
  server = new FakeServer();
  claimed.clear();
});

function newHub(changes: Partial<HubTools> = {}): UploadHub {
  return new UploadHub({
    api: server.api,
    put: server.put,
    slots: new TransferSlots(2),
    now: () => 0,
    random: () => 1,
    sleep: () => Promise.resolve(),
    onImages: () => undefined,
    newId: () => `run-${claimed.size}`,
    soon: (task) => queueMicrotask(task),
    openStore: () => UploadStore.open(name),
    claim: (id) => Promise.resolve(!claimed.has(id) && Boolean(claimed.add(id))),
    ...changes,
  });
}

function until(hub: UploadHub, condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = hub.subscribe(() => {
      if (!condition()) return;
      stop();
      resolve();
    });
  });
}

const phase = (hub: UploadHub) => hub.snapshots()[0]?.phase;

test('two pickings for one dataset are one upload', async () => {
  const hub = newHub();
  await hub.open('u1');
  const done = until(hub, () => phase(hub) === 'finished' && hub.snapshots()[0]?.counts.done === 2);
  await Promise.all([
    hub.add(TARGET, { accepted: [picked('a.jpg')], refused: [] }, 'skip'),
    hub.add(TARGET, { accepted: [picked('b.jpg')], refused: [] }, 'skip'),
  ]);
  await done;
  expect([...server.images].sort()).toEqual(['a.jpg', 'b.jpg']);
  expect(hub.active).toBe(false);
});

test('an unfinished upload comes back for its person, and in one tab only', async () => {
  const first = newHub({ put: () => new Promise(() => undefined) });
  await first.open('u1');
  await first.add(TARGET, { accepted: [picked('a.jpg')], refused: [] }, 'skip');
  await first.get(1)?.settled();
  expect(first.active).toBe(true);

  const second = newHub();
  await second.open('u1');
  expect(second.snapshots()).toEqual([]);

  claimed.clear();
  const stranger = newHub();
  await stranger.open('u2');
  expect(stranger.snapshots()).toEqual([]);
  const third = newHub();
  await third.open('u1');
  expect(third.snapshots()).toMatchObject([{ phase: 'interrupted', missing: 1, run: { dataset_name: 'Pandas' } }]);
});

test('nobody carries on the upload of the person before', async () => {
  const hub = newHub({ put: () => new Promise(() => undefined) });
  await hub.open('u1');
  await hub.add(TARGET, { accepted: [picked('a.jpg')], refused: [] }, 'skip');
  expect(hub.active).toBe(true);
  await hub.open('u2');
  expect(hub.snapshots()).toEqual([]);
  expect(hub.active).toBe(false);
});

test('signing in again lets a stopped upload go on', async () => {
  const hub = newHub();
  await hub.open('u1');
  const { ApiError } = await import('@labelyard/contract');
  server.fail = () => new ApiError(401, 'unauthorized', '');
  const stopped = until(hub, () => phase(hub) === 'stopped');
  await hub.add(TARGET, { accepted: [picked('a.jpg')], refused: [] }, 'skip');
  await stopped;
  server.fail = () => undefined;
  const done = until(hub, () => phase(hub) === 'finished');
  await hub.open('u1');
  await done;
  expect(server.images).toEqual(['a.jpg']);
});

test('works without a database, and a finished upload makes room for the next', async () => {
  const hub = newHub({ openStore: () => Promise.resolve(null) });
  await hub.open('u1');
  const first = until(hub, () => phase(hub) === 'finished');
  await hub.add(TARGET, { accepted: [picked('a.jpg')], refused: [] }, 'skip');
  await first;
  const second = until(hub, () => phase(hub) === 'finished' && hub.snapshots()[0]?.items[0]?.path === 'b.jpg');
  await hub.add(TARGET, { accepted: [picked('b.jpg')], refused: [] }, 'skip');
  await second;
  expect(hub.snapshots()).toHaveLength(1);
  await hub.dismiss(1);
  expect(hub.snapshots()).toEqual([]);
});

test('whoever signs in again in the same tab finds their upload, though somebody else was there between', async () => {
  const hub = newHub({ put: () => new Promise(() => undefined) });
  await hub.open('u1');
  await hub.add(TARGET, { accepted: [picked('a.jpg')], refused: [] }, 'skip');
  await hub.get(1)?.settled();
  await hub.open('u2');
  await hub.open('u1');
  expect(hub.snapshots()).toMatchObject([{ phase: 'interrupted', missing: 1 }]);
});

test('an upload that is still being read belongs to nobody who signed in meanwhile', async () => {
  const first = newHub({ put: () => new Promise(() => undefined) });
  await first.open('u1');
  await first.add(TARGET, { accepted: [picked('a.jpg')], refused: [] }, 'skip');
  await first.get(1)?.settled();
  claimed.clear();
  const opened = Promise.withResolvers<UploadStore>();
  const hub = newHub({ openStore: () => opened.promise });
  const early = hub.open('u1');
  const late = hub.open('u2');
  opened.resolve(await UploadStore.open(name));
  await Promise.all([early, late]);
  expect(hub.snapshots()).toEqual([]);
});

test('archives that are being opened are told of, and are not for whoever signs in meanwhile', async () => {
  const hub = newHub();
  await hub.open('u1');
  const mine = Promise.withResolvers<Sorting>();
  const added = hub.add(TARGET, mine.promise, 'skip');
  expect([hub.isOpening(1), hub.isOpening(2)]).toEqual([true, false]);
  const done = until(hub, () => phase(hub) === 'finished');
  mine.resolve({ accepted: [picked('a.jpg')], refused: [] });
  await Promise.all([added, done]);
  expect(hub.isOpening(1)).toBe(false);

  const late = Promise.withResolvers<Sorting>();
  const after = hub.add(TARGET, late.promise, 'skip');
  await hub.open('u2');
  late.resolve({ accepted: [picked('b.jpg')], refused: [] });
  await after;
  expect(hub.snapshots()).toEqual([]);
  expect(server.images).toEqual(['a.jpg']);
});
