import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { condense, rotate, throttled } from './service-log.mjs';

test.each([
  ['{"level":30,"msg":"request"}', 'stdout', undefined],
  ['{"level":40,"msg":"slow query"}', 'stdout', 'slow query'],
  ['{"level":50,"msg":"request failed","err":{"message":"boom"}}', 'stdout', 'request failed: boom'],
  ['{"level":"error","message":"no pool"}', 'stdout', 'no pool'],
  ['{"level":"info","message":"fine"}', 'stdout', undefined],
  ['  ▲ Next.js 16', 'stdout', undefined],
  ['Error: cannot listen', 'stderr', 'Error: cannot listen'],
  ['    at Server.listen (node:net:1)', 'stderr', undefined],
  ['  {', 'stderr', undefined],
  ['', 'stderr', undefined],
  ['{not json', 'stdout', undefined],
])('%s on %s', (line, stream, words) => expect(condense(line, stream)).toBe(words));

test('an outage does not flood the terminal', () => {
  const said = [];
  let time = 0;
  const speak = throttled(
    (line) => said.push(line),
    'api',
    '/log',
    () => time,
  );
  for (let round = 0; round < 3; round += 1) for (let n = 0; n < 20; n += 1) speak(`error ${n}`);
  expect(said).toHaveLength(9);
  expect(said[0]).toBe('api: error 0');
  expect(said.at(-1)).toBe('api: more of this in /log');
  time = 11_000;
  speak('error 0');
  expect(said).toHaveLength(10);
});

test('a log that has grown moves aside, and only so many are kept', () => {
  const folder = mkdtempSync(join(tmpdir(), 'log-'));
  const file = join(folder, 'api.log');
  for (let round = 1; round <= 5; round += 1) {
    writeFileSync(file, `round ${round}`);
    rotate(file, { maxBytes: 3, kept: 3 });
  }
  expect(existsSync(file)).toBe(false);
  expect([1, 2, 3].map((n) => readFileSync(`${file}.${n}`, 'utf8'))).toEqual(['round 5', 'round 4', 'round 3']);
  expect(existsSync(`${file}.4`)).toBe(false);
  writeFileSync(file, 'x');
  rotate(file, { maxBytes: 3 });
  expect(existsSync(file)).toBe(true);
  rmSync(folder, { recursive: true, force: true });
});
