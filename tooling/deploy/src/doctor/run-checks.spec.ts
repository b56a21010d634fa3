import { YardError } from '../cli/yard-error.js';
import { type Check, type CheckContext, fail, ok, Skip, warn } from './check.js';
import { hostKind } from './host-kind.js';
import { runChecks } from './run-checks.js';

const check = (id: string, run: Check['run']): Check => ({ id, title: id, why: 'so', run });
const context = { signal: new AbortController().signal } as CheckContext;

test('every check is made whatever the others do; the worst come last', async () => {
  const reports = await runChecks(
    [
      check('broken', () => Promise.reject(new Error('odd'))),
      check('warned', () => warn('old', 'renew')),
      check('away', () => Promise.reject(new YardError('unavailable', 'No answer.', 'Look.'))),
      check('skipped', () => Promise.reject(new Skip('no database'))),
      check('bad', () => fail('wrong', 'correct it')),
      check('good', () => ok('fine')),
    ],
    context,
  );
  expect(reports.map(({ id, status, seen, next }) => [id, status, seen, next])).toEqual([
    ['good', 'ok', 'fine', null],
    ['skipped', 'skipped', 'no database', null],
    ['warned', 'warn', 'old', 'renew'],
    ['broken', 'fail', 'odd', expect.any(String)],
    ['away', 'fail', 'No answer.', 'Look.'],
    ['bad', 'fail', 'wrong', 'correct it'],
  ]);
});

test('a check that does not come back is given up, and told to stop', async () => {
  let told: AbortSignal | undefined;
  const hanging = check('hanging', ({ signal }) => {
    told = signal;
    return new Promise(() => undefined);
  });
  const [report] = await runChecks([hanging], context, 1);
  expect(report).toMatchObject({ status: 'fail', seen: 'No answer within 0.001 s.' });
  expect(told?.aborted).toBe(true);
});

test('Ctrl-C ends all of them', async () => {
  const controller = new AbortController();
  const waiting = check('waiting', () => {
    controller.abort(new DOMException('SIGINT', 'AbortError'));
    return new Promise(() => undefined);
  });
  await expect(runChecks([waiting], { ...context, signal: controller.signal })).rejects.toThrow('SIGINT');
});

test.each([
  ['localhost', 'loopback'],
  ['127.0.0.1', 'loopback'],
  ['[::1]', 'loopback'],
  ['postgres.railway.internal', 'private'],
  ['db', 'private'],
  ['192.168.1.4', 'private'],
  ['[fd12::1]', 'private'],
  ['172.32.0.1', 'public'],
  ['xxx.proxy.rlwy.net', 'public'],
  ['8.8.8.8', 'public'],
])('%s is %s', (host, kind) => expect(hostKind(host)).toBe(kind));
