import { readFileSync } from 'node:fs';
import { VARIABLES } from '@labelyard/config';
import { ENVIRONMENT_GUIDE_FILE, environmentGuide } from './environment-guide.mjs';

/** @param {string} markdown */
const plain = (markdown) =>
  markdown
    .replace(/ *\| */gu, '|')
    .replace(/-{3,}/gu, '-')
    .trim();

test('the committed page is what the table of variables says (else: pnpm -C tooling/dev guide)', () => {
  expect(plain(readFileSync(ENVIRONMENT_GUIDE_FILE, 'utf8'))).toBe(plain(environmentGuide()));
});

test('every variable has its row', () => {
  for (const { name } of VARIABLES) expect(environmentGuide()).toContain(`| \`${name}\` |`);
});
