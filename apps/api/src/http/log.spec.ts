import { createLog, plainLines } from './log.js';

function written(work: (log: ReturnType<typeof createLog>) => void): string[] {
  const lines: string[] = [];
  work(createLog({ runtime: { log_level: 'debug' } } as never, { write: (line) => void lines.push(line) }));
  return lines;
}

const TIME = /"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/u;

test('a plain line has the form of every other', () => {
  const fields = { path: '/한국어/"quoted"\n', status: 200, ms: 1.5, user_id: undefined };
  const [plain, usual] = written((log) => {
    plainLines(log, 'request')('info', fields);
    log.info(fields, 'request');
  }).map((line) => line.replace(TIME, '"time":""'));
  expect(plain).toBe(usual);
  expect(plain).toContain('"time":""');
});

test('secrets are not written, two levels deep', () => {
  const [line = ''] = written((log) =>
    log.warn({ token: 'abc', headers: { cookie: 'abc' }, a: { b: { password: 'abc' } } }, 'refused'),
  );
  expect(line).not.toContain('abc');
  expect(line.match(/\[redacted\]/gu)).toHaveLength(3);
});
