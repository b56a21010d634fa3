import { explainRefusal } from './refusal.mjs';

const stamp = '2026-01-02 03:04:05.678 UTC [42] ';
const explain = (line) =>
  explainRefusal({ dataDir: '/data', logFile: '/log', log: `${stamp}LOG:  starting\n${stamp}${line}` });

test.each([
  ['FATAL:  could not create lock file "postmaster.pid": No space left on device', 'disk_full', 'Free some space'],
  ['PANIC:  could not write to file "pg_wal/xlogtemp.7": No space left on device', 'disk_full', '/data'],
  ['FATAL:  data directory "/data" has wrong ownership', 'permission', 'must belong'],
  ['FATAL:  data directory "/data" has invalid permissions', 'permission', '/data'],
  [
    'PANIC:  could not locate a valid checkpoint record at 0/1',
    'data_folder_damaged',
    'Nothing was changed or deleted',
  ],
  ['FATAL:  incorrect checksum in control file', 'data_folder_damaged', 'incorrect checksum'],
  ['FATAL:  database files are incompatible with server', 'wrong_version', 'another build'],
  ['FATAL:  could not resize shared memory segment "/x" to 1 bytes: No space left on device', 'start_failed', 'memory'],
  ['FATAL:  something nobody has seen', 'start_failed', 'something nobody has seen'],
])('%s', (line, code, words) => {
  const refusal = explain(line);
  expect(refusal).toMatchObject({ code });
  expect(refusal.message).toContain(words);
  expect(refusal.message).not.toContain(stamp);
});

test('what may pass is told apart', () => {
  expect(explain('FATAL:  lock file "postmaster.pid" already exists')).toBe('locked');
  expect(explain('FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use')).toBe('lingering');
});
