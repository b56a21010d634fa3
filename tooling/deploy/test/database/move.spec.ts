import { applySteps, type RunOptions, type StepEntry } from '../../src/steps/run-steps.js';
import {
  APPROACH_STEPS,
  type DatabaseMove,
  LET_IN_STEPS,
  RETURN_STEPS,
  TAKE_OVER_STEPS,
} from '../../src/database/database-move.js';
import { newDatabase, type TestDatabase } from './databases.js';
import { startWriters } from './writers.js';
import { fillZoo, listening, ZOO_PASSING } from './zoo.js';

let source: TestDatabase;
let target: TestDatabase;
let move: DatabaseMove;

beforeAll(async () => {
  [source, target] = await Promise.all([newDatabase(), newDatabase()]);
  await fillZoo(source);
  move = { source: source.options, target: target.options, passing: ZOO_PASSING, method: 'built-in' };
});
afterAll(() => Promise.all([source?.drop(), target?.drop()]));

async function run(steps: Parameters<typeof applySteps<DatabaseMove>>[0], signal = new AbortController().signal) {
  const entries: StepEntry[] = [];
  const options: RunOptions = { journal: { append: (entry) => entries.push(entry) }, reportFor: listening, signal };
  await applySteps(steps, move, options);
  return entries.filter(({ event }) => event !== 'began').map(({ step, event }) => `${step}: ${event}`);
}

test('a database moves there, back, and there again without a second copy, whichever side is written to', async () => {
  const there = await startWriters(source.options, 2);
  expect(await run(APPROACH_STEPS)).toEqual([
    'capture: done',
    'copy: done',
    'way-back: done',
    expect.stringMatching(/^catch-up: /u),
  ]);
  // Once more, as after a crash: what is done stays.
  expect((await run(APPROACH_STEPS)).slice(0, 3)).toEqual([
    'capture: found done',
    'copy: found done',
    'way-back: found done',
  ]);
  expect(await run(TAKE_OVER_STEPS)).toEqual(['freeze: done', 'last-changes: done', 'compare: done']);
  expect(await run(TAKE_OVER_STEPS)).toEqual(['freeze: found done', 'last-changes: done', 'compare: done']);
  await there.stop();
  expect(await there.lost(target.options)).toEqual([]);

  const new_side = await startWriters(target.options, 2);
  await new_side.written(20);
  expect(await run(RETURN_STEPS)).toEqual(['freeze: done', 'last-changes: done', 'compare: done']);
  await new_side.stop();
  expect(await new_side.lost(source.options)).toEqual([]);
  await run(LET_IN_STEPS);
  expect(await run(LET_IN_STEPS)).toEqual(['let-in: found done']);

  await source.query(`update parents set changes = -1 where id = 4`);
  expect((await run(APPROACH_STEPS)).slice(0, 3)).toEqual([
    'capture: found done',
    'copy: found done',
    'way-back: found done',
  ]);
  expect(await run(TAKE_OVER_STEPS)).toEqual(['freeze: done', 'last-changes: done', 'compare: done']);
  expect(await target.query('select changes from parents where id = 4')).toEqual([{ changes: -1 }]);
}, 60_000);

test('a difference stops the move before anything is switched, and is named', async () => {
  await target.query(`set session_replication_role = replica; update parents set name = 'else' where id = 8`);
  await expect(run(TAKE_OVER_STEPS)).rejects.toThrow(/id = 8: changed in name/u);
});
