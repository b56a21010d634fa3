import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { temporaryFolder } from '../../test/run-yard.js';
import { YardError } from '../cli/yard-error.js';
import { openJournal } from './journal.js';
import { canonicalJson, makePlan, readPlan, refuseStale, writePlan } from './plan-file.js';
import { openStateFolder } from './state-folder.js';

const body = z.strictObject({ keys: z.array(z.string()), bytes: z.number() });
const plan = () => makePlan('storage', 'basis-1', { keys: ['a', 'b'], bytes: 2 }, new Date('2026-11-29T00:00:00Z'));

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof YardError) return `${error.exit}: ${error.message} → ${error.next}`;
    throw error;
  }
  return 'taken';
}

describe('a plan', () => {
  test('comes back as it was written, readable by its owner only', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'plan.json');
    writePlan(path, plan());
    expect(readPlan(path, 'storage', body)).toEqual(plan());
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('has one hash whatever the order of its members', () => {
    const other = makePlan('storage', 'basis-1', { bytes: 2, keys: ['a', 'b'] }, new Date('2026-11-29T00:00:00Z'));
    expect(other.sha256).toBe(plan().sha256);
    expect(canonicalJson({ b: [{ d: 1, c: null }], a: undefined })).toBe('{"b":[{"c":null,"d":1}]}');
  });

  test.each([
    ['was changed after it was made', (text: string) => text.replace('"bytes": 2', '"bytes": 3')],
    ['was changed after it was made', (text: string) => text.replace('basis-1', 'basis-2')],
    ['cannot be read', (text: string) => text.slice(0, -20)],
    ['is no plan of yard', () => '{}'],
    ['is a plan for "db", not for "storage"', () => JSON.stringify(makePlan('db', 'x', {}))],
    ['was made by another version of yard', () => JSON.stringify(makePlan('storage', 'x', { keys: [] }))],
  ])('is refused when it %s', (why, change) => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'plan.json');
    writePlan(path, plan());
    writeFileSync(path, change(readFileSync(path, 'utf8')));
    const told = refusal(() => readPlan(path, 'storage', body));
    expect(told).toContain(`bad_input: ${path} ${why}`);
    expect(told).toContain('Make a new plan: yard storage plan.');
  });

  test('is refused when the world it was made for has changed', () => {
    expect(refusal(() => refuseStale(plan(), 'basis-1'))).toBe('taken');
    expect(refusal(() => refuseStale(plan(), 'basis-2'))).toContain('is stale');
  });

  test('that does not exist is told with its path', () => {
    expect(refusal(() => readPlan('/none/plan.json', 'storage', body))).toContain('ENOENT');
  });
});

describe('a journal', () => {
  test('survives its writer: a last line cut short is left out and nothing is glued to it', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'run.jsonl');
    const first = openJournal<{ n: number }>(path);
    first.append({ n: 1 });
    first.append({ n: 2 });
    first.close();
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, -4));
    const second = openJournal<{ n: number }>(path);
    expect(second.entries).toEqual([{ n: 1 }]);
    second.append({ n: 3 });
    second.close();
    const third = openJournal<{ n: number }>(path);
    expect(third.entries).toEqual([{ n: 1 }, { n: 3 }]);
    third.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});

describe('the folder', () => {
  test('is divided into parts that only their owner can look into', () => {
    using folder = temporaryFolder();
    const state = openStateFolder(join(folder.path, '.yard'));
    const path = state.path('plans', 'a.json');
    expect(path).toBe(join(folder.path, '.yard', 'plans', 'a.json'));
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
  });

  test('lets one in at a time, and the next one in after a failure', async () => {
    using folder = temporaryFolder();
    const state = openStateFolder(join(folder.path, '.yard'));
    await state.exclusively('first', async () => {
      await expect(state.exclusively('second', async () => 1)).rejects.toThrow(
        `Another yard command is at work (process ${process.pid}): first, since`,
      );
    });
    await expect(state.exclusively('third', () => Promise.reject(new Error('odd')))).rejects.toThrow('odd');
    await expect(state.exclusively('fourth', async () => 4)).resolves.toBe(4);
  });

  test('takes over the lock of a process that died', async () => {
    using folder = temporaryFolder();
    const root = join(folder.path, '.yard');
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    const state = openStateFolder(root);
    state.path('plans', 'x');
    writeFileSync(
      join(root, 'lock'),
      JSON.stringify({ pid, born: 'long ago', host: hostname(), nonce: 'x', note: { says: 'yard db copy' } }),
    );
    await expect(state.exclusively('next', async () => 1)).resolves.toBe(1);
  });

  test('a lock nobody can read is told as one, until it is old', async () => {
    using folder = temporaryFolder();
    const root = join(folder.path, '.yard');
    const state = openStateFolder(root);
    state.path('plans', 'x');
    writeFileSync(join(root, 'lock'), '{"pid":');
    await expect(state.exclusively('next', async () => 1)).rejects.toThrow('(process unknown)');
    utimesSync(join(root, 'lock'), 1, 1);
    await expect(state.exclusively('next', async () => 1)).resolves.toBe(1);
  });
});
