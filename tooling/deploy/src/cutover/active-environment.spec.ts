import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { activeEnvironment, readEnvironmentFile, replaceEnvironmentFile } from './active-environment.js';
import { PARTS } from './parts.js';

test('the file is replaced for its owner alone, and the first one is kept', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yard-'));
  const [file, kept] = [join(folder, '.env'), join(folder, '.env.before')];
  expect(readEnvironmentFile(file)).toEqual({});
  writeFileSync(file, '# mine\nA=1\n');
  replaceEnvironmentFile(file, { B: 'with "quotes" and $', A: '2', EMPTY: '' }, kept);
  replaceEnvironmentFile(file, { B: 'with "quotes" and $', A: '3' }, kept);
  expect(readFileSync(kept, 'utf8')).toBe('# mine\nA=1\n');
  expect(readEnvironmentFile(file)).toEqual({ A: '3', B: 'with "quotes" and $' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a value that cannot be written leaves the file as it was', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'yard-')), '.env');
  writeFileSync(file, 'A=1\n');
  expect(() => replaceEnvironmentFile(file, { ODD: `'"\`` }, `${file}.before`)).toThrow('ODD');
  expect(readFileSync(file, 'utf8')).toBe('A=1\n');
});

test('a file that says nothing of what is moved lies over the environment it is moved from', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'yard-')), '.env');
  const from = {
    name: 'local',
    config: {},
    env: { LABELER_DB_URL: 'postgres://here/labeler', PORT: '1' },
    origin: 'x',
  };
  expect(activeEnvironment(file, from, PARTS)).toEqual(from.env);
  writeFileSync(file, 'PORT=2\n');
  expect(activeEnvironment(file, from, PARTS)).toEqual({ ...from.env, PORT: '2' });
  writeFileSync(file, 'LABELER_DB_URL=postgres://there/labeler\n');
  expect(activeEnvironment(file, from, PARTS)).toEqual({ LABELER_DB_URL: 'postgres://there/labeler' });
});
