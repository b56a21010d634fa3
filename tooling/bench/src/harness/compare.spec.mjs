import { tmpdir } from 'node:os';
import { compare, METRICS, summarise } from './compare.mjs';

const silent = () => {};
const load = [0, 0];

/** Sides that write down when they run, and take as long as they are told. */
function sides(a_ms, b_ms) {
  const order = [];
  const side = (name, times) => ({
    name,
    run: async () => {
      order.push(name);
      const wall_ms = times[order.filter((other) => other === name).length - 1] ?? times.at(-1);
      return { wall_ms, count: 10, cpu_ms: wall_ms / 2 };
    },
  });
  return { order, a: side('A', a_ms), b: side('B', b_ms) };
}

const limits = { ratio: 'speed', good: 0.5, goal: 0.8, what: 'work' };

test('runs both sides in turn, in mirrored order, after a run of each that does not count', async () => {
  const { order, a, b } = sides([999, 10], [999, 20]);
  const result = await compare({ ...limits, a, b }, { rounds: 2, folder: tmpdir(), say: silent });
  expect(order.join('')).toBe('AB' + 'ABBA' + 'BAAB');
  expect(result).toMatchObject({ a: 1, b: 2, ratio: 2, cpu_ratio: 2, verdict: 'goal', rounds: 2 });
  expect(result.control).toEqual({ wall: 1, cpu: 1, steady: true });
});

const sample = (wall_ms, cpu_ms = wall_ms) => ({ wall_ms, count: 1, cpu_ms });
const round = (a, b) => ({ a: [sample(a), sample(a)], b: [sample(b), sample(b)] });
const named = { a: { name: 'A', run: async () => sample(1) }, b: { name: 'B', run: async () => sample(1) } };

test('takes the median over the rounds, so that one disturbed round does not count', () => {
  const result = summarise({ ...limits, ...named }, [round(10, 6), round(500, 6), round(10, 6)], load);
  expect(result.ratio).toBeCloseTo(0.6);
  expect(result.verdict).toBe('good');
});

test('speed wants a large ratio, cost a small one', () => {
  const rounds = [round(12, 10)];
  expect(summarise({ ...limits, ...named, good: 0.9, goal: 1 }, rounds, load).verdict).toBe('below');
  expect(summarise({ ...limits, ...named, ratio: 'cost', good: 1.3, goal: 1.1 }, rounds, load)).toMatchObject({
    ratio: 1.2,
    verdict: 'good',
  });
});

test('tells a restless machine by A against A', () => {
  const restless = { a: [sample(10), sample(13)], b: [sample(5), sample(5)] };
  expect(summarise({ ...limits, ...named }, [restless], load).control.steady).toBe(false);
  const busy = { a: [sample(10, 10), sample(10, 11)], b: [sample(5), sample(5)] };
  expect(summarise({ ...limits, ...named }, [busy], load).control.steady).toBe(false);
});

test('knows no ratio of CPU where one side could not be metered', () => {
  const result = summarise(
    { ...limits, ...named },
    [{ a: [sample(1), sample(1)], b: [sample(1), sample(1, null)] }],
    load,
  );
  expect(result.cpu_ratio).toBeNull();
  expect(result.control.cpu).toBe(1);
});

test('shows rates per second', () => {
  const result = summarise({ ...limits, ...named, metric: METRICS.rate }, [round(2, 4)], load);
  expect(result).toMatchObject({ a: 500, b: 250, unit: '/s' });
});
