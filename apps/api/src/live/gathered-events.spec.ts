import { mock } from 'node:test';
import { GatheredEvents } from './gathered-events.js';

let told: string[];
let events: GatheredEvents;
let readers: number;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  told = [];
  readers = 3;
  events = new GatheredEvents(
    (text) => void told.push(text),
    () => readers,
  );
});
afterEach(() => {
  events.close();
  mock.timers.reset();
});

const add = (...texts: string[]) => {
  for (const text of texts) events.add(text);
};

test('the first is told at once, those soon after it together and in order', () => {
  add('a', 'b', 'c');
  expect(told).toEqual(['a']);
  mock.timers.tick(100);
  expect(told).toEqual(['a', 'bc']);
});

test('many readers are told together what comes within a longer time, which has an end', () => {
  for (const [count, longest] of [
    [40, 200],
    [5_000, 250],
  ] as const) {
    readers = count;
    told = [];
    add('a', 'b');
    mock.timers.tick(longest - 1);
    expect(told).toEqual(['a']);
    mock.timers.tick(1);
    expect(told).toEqual(['a', 'b']);
    // Quiet again.
    mock.timers.tick(longest);
  }
});

test('who goes on telling is heard ten times a second', () => {
  for (let n = 0; n < 100; n += 1) {
    add(`${n} `);
    mock.timers.tick(10);
  }
  expect(told.length).toBeLessThanOrEqual(11);
  expect(told.join('').trim().split(' ').map(Number)).toEqual(Array.from({ length: 100 }, (_, n) => n));
});

test('after a quiet moment the next is told at once again', () => {
  add('a', 'b');
  mock.timers.tick(100);
  mock.timers.tick(100);
  add('c');
  expect(told).toEqual(['a', 'b', 'c']);
  mock.timers.tick(1_000);
  expect(told).toHaveLength(3);
});

test('a burst is not held back until it looks like a slow reader', () => {
  const large = 'x'.repeat(10_000);
  add(large, large, large, large, large);
  expect(told.map(({ length }) => length)).toEqual([10_000, 20_000, 20_000]);
});

test('flushing tells what is held, and nothing when there is nothing', () => {
  events.flush();
  add('a', 'b');
  events.flush();
  events.flush();
  expect(told).toEqual(['a', 'b']);
});

test('closing tells the rest; what comes later is told at once', () => {
  add('a', 'b');
  events.close();
  expect(told).toEqual(['a', 'b']);
  add('c', 'd');
  expect(told).toEqual(['a', 'b', 'c', 'd']);
});
