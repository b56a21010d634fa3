import type { RunTools } from '../run-tools';
import { TransferSlots } from '../transfer-slots';
import type { PickedFile, UploadItem } from '../upload-item';
import { UploadRun } from '../upload-run';
import type { StoredRun, UploadStore } from '../upload-store';
import type { FakeServer } from './fake-server';

export const RUN: StoredRun = {
  id: 'run-1',
  user_id: 'u1',
  dataset_id: 1,
  project_id: 1,
  dataset_name: 'Pandas',
  on_duplicate: 'skip',
  created_at: '2026-01-01T00:00:00.000Z',
};

export function picked(path: string, size = 4, modified = 7): PickedFile {
  return { path, file: new File(['x'.repeat(size)], path, { type: 'image/jpeg', lastModified: modified }) };
}

/** An upload against a fake server. Waits are recorded and over at once. */
export function setUp(
  server: FakeServer,
  { store = null, items = [], slots = 3 }: { store?: UploadStore | null; items?: UploadItem[]; slots?: number } = {},
) {
  const waits: number[] = [];
  const watchers = new Set<() => void>();
  let now = 0;
  const tools: RunTools = {
    api: server.api,
    put: server.put,
    slots: new TransferSlots(slots),
    store,
    now: () => now,
    random: () => 1,
    sleep: async (ms, signal) => {
      waits.push(ms);
      await Promise.resolve();
      signal.throwIfAborted();
    },
    onChange: () => watchers.forEach((watcher) => watcher()),
    onImages: () => undefined,
  };
  const upload = new UploadRun(RUN, tools, items);
  /** Resolves once `condition` holds after some change. */
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (!condition()) return;
        watchers.delete(check);
        resolve();
      };
      watchers.add(check);
      check();
    });
  const finished = () => until(() => upload.phase === 'finished');
  const states = () => Object.fromEntries(upload.items.all.map(({ path, state, code }) => [path, code ?? state]));
  const tick = (ms: number) => void (now += ms);
  return { upload, waits, until, finished, states, tick };
}
