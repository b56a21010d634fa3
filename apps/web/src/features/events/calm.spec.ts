import { jest } from '@jest/globals';
import { Calm } from './calm';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function setup() {
  const runs: string[][] = [];
  const calm = new Calm<string>((items) => void runs.push([...items]));
  return { runs, add: (...names: string[]) => names.forEach((name) => calm.add(name, name)), calm };
}

test('the first comes at once, together with what came in the same moment, each once', () => {
  const { runs, add } = setup();
  add('a', 'b', 'a');
  jest.advanceTimersByTime(0);
  expect(runs).toEqual([['a', 'b']]);
});

test('what follows waits a little, and nothing is left out', () => {
  const { runs, add } = setup();
  add('a');
  jest.advanceTimersByTime(10);
  add('b');
  jest.advanceTimersByTime(10);
  expect(runs).toEqual([['a']]);
  jest.advanceTimersByTime(400);
  expect(runs).toEqual([['a'], ['b']]);
});

test('a busy minute costs a dozen runs, and after a calm moment the next comes at once again', () => {
  const { runs, add } = setup();
  for (let n = 0; n < 600; n += 1) {
    add('a');
    jest.advanceTimersByTime(100);
  }
  expect(runs.length).toBeLessThan(15);
  jest.advanceTimersByTime(30_000);
  const before = runs.length;
  add('b');
  jest.advanceTimersByTime(0);
  expect(runs.slice(before)).toEqual([['b']]);
});

test('what comes while the work is done waits for its end', async () => {
  const [runs, ends]: [string[][], (() => void)[]] = [[], []];
  const calm = new Calm<string>((items) => {
    runs.push([...items]);
    return new Promise<void>((resolve) => ends.push(resolve));
  });
  calm.add('a', 'a');
  jest.advanceTimersByTime(0);
  calm.add('b', 'b');
  await jest.advanceTimersByTimeAsync(10_000);
  expect(runs).toEqual([['a']]);
  ends[0]!();
  await jest.advanceTimersByTimeAsync(1_000);
  expect(runs).toEqual([['a'], ['b']]);
});

test('stopped in the middle of the work, nothing runs after it', async () => {
  const runs: string[][] = [];
  const calm = new Calm<string>(async (items) => runs.push([...items]));
  calm.add('a', 'a');
  jest.advanceTimersByTime(0);
  calm.add('b', 'b');
  calm.stop();
  await jest.advanceTimersByTimeAsync(10_000);
  expect(runs).toEqual([['a']]);
});

test('stopped, nothing runs', () => {
  const { runs, add, calm } = setup();
  add('a');
  calm.stop();
  jest.advanceTimersByTime(10_000);
  expect(runs).toEqual([]);
});
