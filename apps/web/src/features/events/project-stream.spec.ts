import { jest } from '@jest/globals';
import type { ProjectEvent } from '@labelyard/contract';
import { ProjectStream, type EventSourceLike } from './project-stream';

class FakeSource implements EventSourceLike {
  closed = false;
  private readonly listeners = new Map<string, (event: { data?: unknown }) => void>();

  addEventListener(type: string, listener: (event: { data?: unknown }) => void): void {
    this.listeners.set(type, listener);
  }

  close(): void {
    this.closed = true;
  }

  say(event: ProjectEvent): void {
    this.listeners.get(event.type)?.({ data: JSON.stringify(event) });
  }

  fail(): void {
    this.listeners.get('error')?.({});
  }
}

const hello = (quiet_ms: number | null = null): ProjectEvent => ({
  type: 'hello',
  stream_id: '00000000-0000-4000-8000-000000000000',
  quiet_ms,
});

function setup(random = () => 1, signedIn = () => Promise.resolve(false), pageAge = () => 3_000) {
  const sources: FakeSource[] = [];
  const stream = new ProjectStream({
    random,
    signedIn,
    pageAge,
    connect: () => {
      const source = new FakeSource();
      sources.push(source);
      return source;
    },
  });
  const heard: string[] = [];
  stream.subscribe(({ type }) => heard.push(type));
  stream.open();
  const latest = () => sources.at(-1) as FakeSource;
  return { stream, sources, heard, latest };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('a first greeting after a quiet time asks for nothing', () => {
  const { heard, latest, stream } = setup();
  latest().say(hello(null));
  latest().say({ type: 'class' });
  expect(heard).toEqual(['hello', 'class']);
  expect(stream.isOpen).toBe(true);
});

test('what happened between page and line is read', () => {
  const { heard, latest } = setup();
  latest().say(hello(1_500));
  expect(heard).toEqual(['hello', 'resync']);
});

test.each([
  [15_000, ['hello', 'resync']],
  [25_000, ['hello']],
])(
  'on a page whose script took 20 s to run, what happened %i ms ago is read if the page may be older',
  (quiet, told) => {
    const { heard, latest } = setup(undefined, undefined, () => 20_000);
    latest().say(hello(quiet));
    expect(heard).toEqual(told);
  },
);

test('a broken line comes back after a growing, random pause, and everything is read anew', () => {
  const { heard, latest, sources, stream } = setup(() => 0);
  latest().say(hello());
  latest().fail();
  expect(stream.isOpen).toBe(false);
  jest.advanceTimersByTime(249);
  expect(sources).toHaveLength(1);
  jest.advanceTimersByTime(1);
  expect(sources).toHaveLength(2);
  latest().fail();
  jest.advanceTimersByTime(499);
  expect(sources).toHaveLength(2);
  jest.advanceTimersByTime(1);
  latest().say(hello());
  expect(heard).toEqual(['hello', 'hello', 'resync']);
  // The next break begins with the shortest pause again.
  latest().fail();
  jest.advanceTimersByTime(250);
  expect(sources).toHaveLength(4);
});

test('the pause never grows beyond half a minute', () => {
  const { latest, sources } = setup();
  for (let n = 0; n < 20; n += 1) {
    latest().fail();
    jest.advanceTimersByTime(30_000);
  }
  expect(sources).toHaveLength(21);
});

test('a silent line is given up, a beating one is not', () => {
  const { latest, sources, heard } = setup();
  latest().say(hello());
  for (let n = 0; n < 10; n += 1) {
    jest.advanceTimersByTime(15_000);
    latest().say({ type: 'beat' });
  }
  expect(sources).toHaveLength(1);
  expect(heard).toEqual(['hello']);
  jest.advanceTimersByTime(41_000);
  expect(sources[0]?.closed).toBe(true);
  expect(sources).toHaveLength(2);
});

test('who is sent away does not come back until asked to', () => {
  const { latest, sources, heard, stream } = setup();
  latest().say(hello());
  const source = latest();
  source.say({ type: 'gone', reason: 'no_access' });
  source.fail();
  jest.advanceTimersByTime(120_000);
  expect(sources).toHaveLength(1);
  expect(heard).toEqual(['hello', 'gone']);
  stream.open();
  expect(sources).toHaveLength(2);
});

test('events of a line that was given up are not heard', () => {
  const { latest, heard, stream } = setup();
  const old = latest();
  stream.pause();
  old.say({ type: 'class' });
  expect(heard).toEqual([]);
});

test('an ended session is told after a moment, unless another one took its place', async () => {
  const out = setup();
  out.latest().say({ type: 'gone', reason: 'signed_out' });
  expect(out.heard).toEqual([]);
  await jest.advanceTimersByTimeAsync(1_000);
  expect([out.heard, out.sources.length]).toEqual([['gone'], 1]);
  const renewed = setup(undefined, () => Promise.resolve(true));
  renewed.latest().say({ type: 'gone', reason: 'signed_out' });
  await jest.advanceTimersByTimeAsync(1_000);
  expect([renewed.heard, renewed.sources.length]).toEqual([[], 2]);
});
