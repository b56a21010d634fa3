import { lastLine, tally } from './tally.mjs';
import { parseLine, toEnded } from './turbo-run.mjs';

const report = (passed, failed = 0, skipped = []) => ({ name: 'x', passed, failed, skipped });
const result = (task, outcome = 'passed', extra = {}) => ({ task, name: 'domain', outcome, ...extra });

test('tests count one by one, other checks as one each', () => {
  const sum = tally([result('lint'), result('typecheck'), result('test', 'passed', { report: report(386) })]);
  expect(sum).toEqual({ passed: 388, failed: 0, skipped: [], failures: [] });
  expect(lastLine(sum)).toBe('388 passed, 0 failed');
});

test('failures are counted and named', () => {
  const sum = tally([
    result('lint', 'failed'),
    result('typecheck', 'not run'),
    result('test', 'failed', { report: report(10, 3) }),
    result('e2e', 'not run'),
  ]);
  expect(sum.failed).toBe(6);
  expect(sum.failures).toEqual([
    'lint domain: failed',
    'typecheck domain: not run, because something it needs failed',
    'test domain: 3 failed',
    'e2e domain: not run, because something it needs failed',
  ]);
  expect(lastLine(sum)).toBe('10 passed, 6 failed');
});

test('a run that fails without a failed test, or reports nothing, still fails', () => {
  expect(tally([result('test', 'failed', { report: report(5) })])).toMatchObject({ passed: 5, failed: 1 });
  expect(tally([result('test', 'failed')])).toMatchObject({
    failed: 1,
    failures: ['test domain: failed without a report'],
  });
  expect(tally([result('e2e', 'passed')])).toMatchObject({ failed: 1 });
});

test('a package without tests is no failure', () => {
  expect(tally([result('test')])).toMatchObject({ passed: 0, failed: 0 });
});

test('skipped tests are listed and counted', () => {
  const sum = tally([
    result('test', 'passed', { report: report(1, 0, ['S3 of your own (S3_TEST_ENDPOINT is not set)']) }),
  ]);
  expect(sum.skipped).toEqual(['domain: S3 of your own (S3_TEST_ENDPOINT is not set)']);
  expect(lastLine(sum)).toBe('1 passed, 0 failed, 1 skipped');
});

test('turbo’s own words are understood', () => {
  expect(parseLine('{"source":"@labelyard/domain#test","level":"stdout","text":"PASS x"}')).toEqual({
    source: '@labelyard/domain#test',
    text: 'PASS x',
  });
  expect(parseLine('not json')).toEqual({ source: 'turbo', text: 'not json' });
  const task = { task: 'test', package: '@labelyard/domain', directory: 'packages/domain', logFile: 'a.log' };
  expect(toEnded({ ...task, cache: { status: 'HIT' } })).toMatchObject({
    task: 'test',
    name: 'domain',
    outcome: 'passed',
  });
  expect(toEnded({ ...task, cache: { status: 'MISS' }, execution: { exitCode: 0 } }).outcome).toBe('passed');
  expect(toEnded({ ...task, cache: { status: 'MISS' }, execution: { exitCode: 1 } }).outcome).toBe('failed');
  expect(toEnded({ ...task, cache: { status: 'MISS' } }).outcome).toBe('not run');
  expect(toEnded({ ...task, task: '//#lint:root', package: '//' })).toMatchObject({
    task: 'lint:root',
    name: 'repository',
  });
});
