import { inspectProcess, isRunning, parseProcStat, parsePs } from './process-identity.mjs';

test('knows this process, and no process that cannot exist', () => {
  expect(inspectProcess(process.pid)?.args?.join(' ')).toContain('jest');
  expect(inspectProcess(process.pid)?.born).toBe(inspectProcess(process.pid)?.born);
  expect(isRunning(2 ** 22 + 1)).toBe(false);
  expect(isRunning(0)).toBe(false);
  expect(isRunning(Number.NaN)).toBe(false);
});

test('reads /proc/<pid>/stat of a command with spaces and parentheses', () => {
  const line = `42 (my (odd) name) Z 7 ${Array.from({ length: 17 }, (_, i) => i).join(' ')} 98765 0 0`;
  expect(parseProcStat(line)).toEqual({ state: 'Z', parent: 7, started: '98765' });
});

test('reads ps: a running process, a zombie, nothing', () => {
  expect(parsePs('Ss   Tue Jan  2 03:04:05 2024     /opt/postgres -D /data dir\n')).toEqual({
    born: 'Tue Jan  2 03:04:05 2024',
    args: ['/opt/postgres', '-D', '/data', 'dir'],
  });
  expect(parsePs('Z    Tue Jan  2 03:04:05 2024     (postgres)\n')).toBeUndefined();
  expect(parsePs('')).toBeUndefined();
});
