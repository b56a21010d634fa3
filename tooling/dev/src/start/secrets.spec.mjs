import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSecrets } from './secrets.mjs';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'secrets-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const file = () => join(folder, 'secrets.json');

test('made once, long, all different, for the owner’s eyes only', () => {
  const secrets = loadSecrets(folder);
  expect(loadSecrets(folder)).toEqual(secrets);
  const values = Object.values(secrets);
  expect(new Set(values).size).toBe(5);
  for (const value of values) expect(value.length).toBeGreaterThanOrEqual(48);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
});

test('a secret that a later version needs is added to the known ones', () => {
  const secrets = loadSecrets(folder);
  const { disk_signing_secret: _removed, ...older } = secrets;
  writeFileSync(file(), JSON.stringify(older));
  const completed = loadSecrets(folder);
  expect(completed).toMatchObject(older);
  expect(completed.disk_signing_secret).toBeTruthy();
});

test('a lost or broken file beside an existing database is explained and nothing is overwritten', () => {
  mkdirSync(join(folder, 'postgres'));
  expect(() => loadSecrets(folder)).toThrow('secrets.json is missing');
  writeFileSync(file(), '{"jwt');
  expect(() => loadSecrets(folder)).toThrow(/secrets\.json cannot be read.*Restore it/);
  expect(readFileSync(file(), 'utf8')).toBe('{"jwt');
});
