import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { newShape } from '@labelyard/editor';
import type { Entry } from './entry';
import { Journal, type JournalScope } from './journal';

const scope: JournalScope = { user_id: 'u', session: 'one', project_id: 1, image_id: 7 };
const entry = (shape_id: string, x: number): Entry => ({
  shape_id,
  base: null,
  wanted: newShape({
    id: shape_id,
    task_type: 'detection',
    class_id: 1,
    geometry: { type: 'bbox', bbox: [x, 0, 1, 1] },
  }),
  sent: null,
  problem: null,
});

let journal: Journal;
let count = 0;
beforeEach(async () => (journal = await Journal.open(`journal-${++count}`)));
afterEach(() => journal.close());

test('entries come back as written, and go when forgotten', async () => {
  await journal.write(scope, { put: [entry('a', 1), entry('b', 2)], forget: [] });
  await journal.write(scope, { put: [entry('a', 3)], forget: ['b'] });
  const records = await journal.read('u');
  expect(records).toEqual([expect.objectContaining({ ...scope, entry: entry('a', 3) })]);
});

test('people and sessions do not see each other', async () => {
  await journal.write(scope, { put: [entry('a', 1)], forget: [] });
  await journal.write({ ...scope, session: 'two' }, { put: [entry('a', 2)], forget: [] });
  await journal.write({ ...scope, user_id: 'other' }, { put: [entry('a', 9)], forget: [] });
  expect((await journal.read('u')).map((record) => record.session).sort()).toEqual(['one', 'two']);
  expect(await journal.read('nobody')).toEqual([]);
});

test('the edits of a dead tab become those of the living one', async () => {
  await journal.write(scope, { put: [entry('a', 1), entry('b', 2)], forget: [] });
  await journal.write({ ...scope, session: 'alive' }, { put: [entry('c', 3)], forget: [] });
  await journal.adopt({ user_id: 'u', project_id: 1, session: 'me' }, ['one']);
  const sessions = (await journal.read('u')).map((record) => [record.session, record.entry.shape_id]).sort();
  expect(sessions).toEqual([
    ['alive', 'c'],
    ['me', 'a'],
    ['me', 'b'],
  ]);
});

test('confirmations that wait are kept beside the edits, and come over with them', async () => {
  const confirmation = { task_type: 'detection', confirmed: true } as const;
  await journal.writeConfirmation(scope, { ...confirmation, confirmed: false });
  await journal.writeConfirmation(scope, confirmation);
  await journal.writeConfirmation({ ...scope, image_id: 8 }, confirmation);
  await journal.adopt({ user_id: 'u', project_id: 1, session: 'me' }, ['one']);
  expect(await journal.readConfirmations('u')).toEqual([
    expect.objectContaining({ ...scope, ...confirmation, session: 'me' }),
    expect.objectContaining({ image_id: 8, session: 'me' }),
  ]);
  await journal.forgetConfirmation({ ...scope, session: 'me' }, 'detection');
  expect(await journal.readConfirmations('u')).toHaveLength(1);
});

test('what was left of other projects stays for whoever opens those', async () => {
  const other = { ...scope, session: 'two', project_id: 2 };
  await journal.write(other, { put: [entry('b', 2)], forget: [] });
  await journal.writeConfirmation(scope, { task_type: 'detection', confirmed: true });
  expect(await journal.sessions({ user_id: 'u', project_id: 1 })).toEqual(['one']);
  await journal.adopt({ user_id: 'u', project_id: 1, session: 'me' }, ['one', 'two']);
  expect(await journal.sessions({ user_id: 'u', project_id: 1 })).toEqual(['me']);
  expect(await journal.sessions({ user_id: 'u', project_id: 2 })).toEqual(['two']);
});

test('a journal of the version before keeps its edits', async () => {
  const old = await openDB('old-journal', 1, {
    upgrade: (database) =>
      void database
        .createObjectStore('entries', { keyPath: ['user_id', 'session', 'image_id', 'shape_id'] })
        .createIndex('by_user', 'user_id'),
  });
  await old.put('entries', { ...scope, shape_id: 'a', entry: entry('a', 1), written_at: 1 });
  old.close();
  const opened = await Journal.open('old-journal');
  expect(await opened.read('u')).toHaveLength(1);
  expect(await opened.readConfirmations('u')).toEqual([]);
  opened.close();
});
