import { jest } from '@jest/globals';
import 'fake-indexeddb/auto';
import { endpointUrl } from '@labelyard/contract';
import { newShape } from '@labelyard/editor';
import type { LabelSession } from './label-session';
import { startLabelSession } from './start-session';

const IMAGE = { id: 5, width: 100, height: 100 };
const network = jest.spyOn(globalThis, 'fetch');
/** A network with a server, and who is signed in there. */
const online = (user_id: string) =>
  network.mockImplementation(async (url, init) => {
    if (url === endpointUrl('auth.me')) return Response.json({ id: user_id });
    const { operations } = JSON.parse(init?.body as string) as { operations: { op_id: string }[] };
    const results = operations.map(({ op_id }) => ({ op_id, status: 'not_found', annotation: null }));
    return Response.json({ results });
  });
const saves = () => network.mock.calls.filter(([url]) => String(url as string).endsWith('/operations'));

beforeEach(() => network.mockReset().mockRejectedValue(new TypeError('offline')));

// The next one ends those that were left.
afterAll(async () => (await start(0)).outbox.close());

const start = (project_id: number) =>
  startLabelSession({
    user_id: '1',
    project_id,
    showBitmap: () => undefined,
    onJournalError: (error) => {
      throw error;
    },
    onConfirmed: () => undefined,
  });

function draw({ editor }: LabelSession): void {
  editor.setClasses([{ id: 1 }]);
  editor.load(IMAGE, []);
  const geometry = { type: 'bbox', bbox: [1, 1, 5, 5] } as const;
  editor.edit({ create: [newShape({ task_type: 'detection', class_id: 1, geometry })] });
}

const kept = ({ outbox }: LabelSession) => outbox.of(IMAGE.id).restoredEdits([]).create;

test('what was drawn before the page was left is there when it is opened again', async () => {
  const before = await start(1);
  draw(before);
  before.close();
  const after = await start(1);
  expect(kept(after)).toHaveLength(1);
  // Two senders would make two labels of it.
  await after.outbox.flush();
  network.mockClear();
  await before.outbox.flush();
  expect(network).not.toHaveBeenCalled();
  after.close();
});

test('leaving sends at once what would have been sent a moment later', async () => {
  const session = await start(2);
  draw(session);
  online('1');
  session.close();
  await session.outbox.flush();
  expect(saves()).toHaveLength(1);
});

test('what was left is not sent in the name of whoever signed in afterwards', async () => {
  const session = await start(6);
  draw(session);
  online('2');
  session.close();
  await session.outbox.flush();
  expect(saves()).toEqual([]);
  expect(session.outbox.state.kind).toBe('signed_out');
});

test('a session that was closed before it began leaves what it took over to the next', async () => {
  const before = await start(3);
  draw(before);
  before.close();
  const passing = start(3).then((session) => session.close());
  const after = await start(3);
  await passing;
  expect(kept(after)).toHaveLength(1);
  after.close();
});

test('what was left of one project does not wait in a session of another', async () => {
  const before = await start(4);
  draw(before);
  before.close();
  const other = await start(5);
  const after = await start(4);
  expect(kept(after)).toHaveLength(1);
  after.close();
  other.close();
});

test.each([
  ['with Web Locks', 7, false],
  ['without, as over plain http', 8, true],
])('what a tab that lives has not sent stays its own: %s', async (_how, project_id, hidden) => {
  if (hidden) Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true });
  const first = await start(project_id);
  try {
    draw(first);
    await first.outbox.journaled();
    const second = await start(project_id);
    second.close();
    expect(kept(second)).toEqual([]);
  } finally {
    first.close();
    // Both are gone now: the next one has it, once.
    const third = await start(project_id);
    third.close();
    Reflect.deleteProperty(navigator, 'locks');
    expect(kept(third)).toHaveLength(1);
  }
});
