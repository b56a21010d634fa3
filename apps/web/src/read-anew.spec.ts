import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { readAnew } from './read-anew';

const queryKey = ['count'];

/** A count that somebody looks at, read when the test says so. */
function setup() {
  let count = 0;
  const answers: (() => void)[] = [];
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false, gcTime: Infinity } } });
  const read = () => {
    const read_now = count;
    return new Promise<number>((resolve) => answers.push(() => resolve(read_now)));
  };
  const stop = new QueryObserver(queries, { queryKey, queryFn: read }).subscribe(() => undefined);
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    queries,
    stop,
    change: () => (count += 1),
    answer: async () => {
      answers.shift()!();
      await settle();
    },
    waiting: () => answers.length,
    shown: () => queries.getQueryData(queryKey),
  };
}

test('what changed after a reading began is shown when all is done', async () => {
  const { queries, stop, change, answer, waiting, shown } = setup();
  change();
  const done = readAnew(queries, { queryKey });
  await answer();
  expect(shown()).toBe(0);
  await answer();
  await done;
  expect(shown()).toBe(1);
  expect(waiting()).toBe(0);
  stop();
});

test('with nothing on its way it is read once', async () => {
  const { queries, stop, change, answer, waiting, shown } = setup();
  await answer();
  change();
  const done = readAnew(queries, { queryKey });
  await answer();
  await done;
  expect(shown()).toBe(1);
  expect(waiting()).toBe(0);
  stop();
});
