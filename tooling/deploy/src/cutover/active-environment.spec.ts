import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { environmentText, readEnvironmentFile, replaceEnvironmentFile } from './active-environment.js';

test('whatever can be written is read back the same', () => {
  const values = fc.string({ unit: fc.constantFrom(...'aZ09 #=$\'"\\:/@-_.,%{}é\n'), minLength: 1 });
  fc.assert(
    fc.property(values, (value) => {
      fc.pre(!(["'", '`'].every((quote) => value.includes(quote)) && /["\\]/u.test(value)));
      expect(parseEnv(environmentText({ NAME: value, OTHER: 'x' }))).toEqual({ NAME: value, OTHER: 'x' });
    }),
  );
});

test('the file is replaced for its owner alone, and the first one is kept', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yard-'));
  const [file, kept] = [join(folder, '.env'), join(folder, '.env.before')];
  expect(readEnvironmentFile(file)).toEqual({});
  writeFileSync(file, '# mine\nA=1\n');
  replaceEnvironmentFile(file, { A: '2', EMPTY: '' }, kept);
  replaceEnvironmentFile(file, { A: '3' }, kept);
  expect(readFileSync(kept, 'utf8')).toBe('# mine\nA=1\n');
  expect(readEnvironmentFile(file)).toEqual({ A: '3' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a value with every quote is refused by name', () => {
  expect(() => environmentText({ ODD: `'"\`` })).toThrow('ODD');
});
