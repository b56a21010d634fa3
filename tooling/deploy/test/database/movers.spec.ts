import type { Profile } from '../../src/profiles/profile.js';
import { captureOff, captureOn } from '../../src/database/capture/install-capture.js';
import { captureStatus } from '../../src/database/capture/capture-status.js';
import { freeze } from '../../src/database/capture/freeze.js';
import { follow } from '../../src/database/replay/replay.js';
import { openMovers } from '../../src/cutover/movers.js';
import { openStateFolder } from '../../src/state/state-folder.js';
import { temporaryFolder } from '../run-yard.js';
import { newDatabase, type TestDatabase } from './databases.js';
import { listening } from './zoo.js';

// Phase 4 after phase 2: the Labeler DB stays where phase 2 moved it; the old one is closed and follows the new one.
let old: TestDatabase;
let live: TestDatabase;
const { signal } = new AbortController();
const report = listening();

beforeAll(async () => {
  [old, live] = await Promise.all([newDatabase(), newDatabase()]);
  for (const { options, query } of [old, live]) {
    await query('create table things (id integer primary key)');
    await query(
      'create table maintenance (started_at timestamptz, reason text, expected_end timestamptz, started_by text)',
    );
    await captureOn({ database: options, passing: new Set(), report, signal });
  }
  await freeze({ database: old.options, signal });
});
afterAll(() => Promise.all([old?.drop(), live?.drop()]));

function storageMove(folder: string) {
  const profile = (name: string, { options }: TestDatabase): Profile => {
    const env = {
      LABELER_DB_URL: options.url,
      STORAGE_DRIVER: 'disk',
      DISK_ROOT: `/${name}`,
      JWT_SECRET: 's'.repeat(40),
    };
    return { name, config: {}, env, origin: name };
  };
  const body = {
    from: 'here',
    to: 'there',
    parts: [{ part: 'exports' as const, from: 'a', to: 'b' }],
    backup: false,
    ahead: false,
  };
  const [from, to] = [profile('here', old), profile('there', live)];
  const context = { state: openStateFolder(folder), signal };
  // The active environment has the new Labeler DB and the old storage.
  return openMovers({
    context,
    from,
    to,
    body,
    now: () => ({ ...from, env: { ...from.env, LABELER_DB_URL: live.options.url } }),
  });
}

test('writes are stopped where people are, not where an earlier phase left', async () => {
  using folder = temporaryFolder();
  const { writes, watch } = storageMove(folder.path);
  expect(await writes.from.stopped()).toBeNull();
  expect(await writes.to.stopped()).toBeNull();
  expect(await watch.isOn(signal)).toBe(true);
});

test('what an earlier phase goes back by is not ended; what this one began is', async () => {
  using folder = temporaryFolder();
  const { watch } = storageMove(folder.path);
  const state = async () => (await captureStatus(live.options, new Set(['maintenance']), signal)).state;
  await follow({ source: live.options, target: old.options, signal });
  await watch.end('to', report, signal);
  expect(await state()).toBe('on');
  await captureOff({ database: live.options, report, signal });
  await watch.begin(report, signal);
  expect(await state()).toBe('on');
  await watch.end('to', report, signal);
  expect(await state()).toBe('off');
});
