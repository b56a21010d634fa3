import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refuseWhileServed, serveBuild } from './served-build.mjs';

let folder = '';
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'served-')), 'served-by');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const refuse = () => refuseWhileServed({ folder });

test('nothing is built anew while somebody serves it, and everything afterwards', async () => {
  expect(refuse).not.toThrow();
  const served = await serveBuild({ folder });
  expect(refuse).toThrow(`Labelyard runs from this folder (process ${process.pid})`);
  served.release();
  expect(refuse).not.toThrow();
});

test('who was killed does not count, and leaves nothing', async () => {
  const served = await serveBuild({ folder });
  const path = join(folder, String(process.pid));
  const holder = JSON.parse(readFileSync(path, 'utf8'));
  served.release();
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, JSON.stringify({ ...holder, born: 'long ago' }));
  expect(refuse).not.toThrow();
  expect(existsSync(path)).toBe(false);
});
