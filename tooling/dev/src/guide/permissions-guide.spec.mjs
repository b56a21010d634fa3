import { readFileSync } from 'node:fs';
import { GUIDE_FILE, permissionsGuide } from './permissions-guide.mjs';

/** @param {string} markdown */
const plain = (markdown) =>
  markdown
    .replace(/ *\| */gu, '|')
    .replace(/-{3,}|:-+:/gu, '-')
    .trim();

test('the committed page is what the table of roles says (else: pnpm -C tooling/dev guide)', () => {
  expect(plain(readFileSync(GUIDE_FILE, 'utf8'))).toBe(plain(permissionsGuide()));
});

test('every action has its words', () => {
  const rows = permissionsGuide()
    .split('\n')
    .filter((line) => line.includes('`') && line.startsWith('|'));
  expect(rows.length).toBeGreaterThan(30);
  for (const row of rows) expect(row).toMatch(/^\| [A-Z]/u);
});
