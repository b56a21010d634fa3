import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentStamp, readStamp, treeStamp, writeStamp } from './stamp.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stamp-'));
  mkdirSync(join(root, 'pkg', 'src'), { recursive: true });
  writeFileSync(join(root, 'pkg', 'src', 'a.ts'), 'one');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const tree = () => treeStamp(root, ['pkg', 'absent.json']);

test('a tree’s stamp changes with content, new, renamed, removed and touched files, and not otherwise', () => {
  const seen = new Set();
  const expectNew = () => {
    const stamp = tree();
    expect(tree()).toBe(stamp);
    expect(seen.has(stamp)).toBe(false);
    seen.add(stamp);
  };
  expectNew();
  writeFileSync(join(root, 'pkg', 'src', 'a.ts'), 'three');
  expectNew();
  writeFileSync(join(root, 'pkg', 'src', 'b.ts'), '');
  expectNew();
  rmSync(join(root, 'pkg', 'src', 'b.ts'));
  writeFileSync(join(root, 'pkg', 'src', 'c.ts'), '');
  expectNew();
  utimesSync(join(root, 'pkg', 'src', 'c.ts'), 1, 1);
  expectNew();
  writeFileSync(join(root, 'absent.json'), '{}');
  expectNew();
});

test('what tools make does not count', () => {
  const before = tree();
  for (const name of ['dist', 'node_modules', '.next', 'reports']) {
    mkdirSync(join(root, 'pkg', name));
    writeFileSync(join(root, 'pkg', name, 'x.js'), '');
  }
  expect(tree()).toBe(before);
});

test('a content stamp ignores times, and tells files and values apart', () => {
  const file = join(root, 'pkg', 'src', 'a.ts');
  const before = contentStamp([file], ['x']);
  utimesSync(file, 1, 1);
  expect(contentStamp([file], ['x'])).toBe(before);
  expect(contentStamp([file], ['y'])).not.toBe(before);
  expect(contentStamp([file, join(root, 'no')], ['x'])).not.toBe(before);
  writeFileSync(file, 'two');
  expect(contentStamp([file], ['x'])).not.toBe(before);
});

test('a stamp is read back; none is the empty text', () => {
  const file = join(root, 'deep', 'stamp');
  expect(readStamp(file)).toBe('');
  writeStamp(file, 'abc');
  expect(readStamp(file)).toBe('abc');
});
