// The page of the docs that says which role may do what. Made of the table in packages/domain and of the words the web app shows.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACTIONS, can, ROLES } from '@labelyard/domain';
import { ROOT } from '../bootstrap/workspace-paths.mjs';

export const GUIDE_FILE = join(ROOT, 'docs', 'guide', 'permissions.md');

/** @returns {string} */
export function permissionsGuide() {
  const messages = JSON.parse(readFileSync(join(ROOT, 'apps', 'web', 'messages', 'en.json'), 'utf8'));
  /** @type {{ actions: Record<string, string>, help: { rules: string } }} */
  const words = messages.people;
  /** @type {Record<string, string>} */
  const roleNames = messages.roles;
  const roles = [...ROLES].reverse();
  const cells = (/** @type {readonly string[]} */ row) => `| ${row.join(' | ')} |`;
  const actions = /** @type {(keyof typeof ACTIONS)[]} */ (Object.keys(ACTIONS));
  return [
    '# Roles and rights',
    '',
    'Made by `pnpm -C tooling/dev guide` from the table in `packages/domain/src/permissions.ts`, which the API asks before every request and the',
    'web app before it shows a button. A test fails when this page is not what the table says.',
    '',
    cells(['', 'action', ...roles.map((role) => roleNames[role] ?? role)]),
    cells(['---', '---', ...roles.map(() => ':-:')]),
    ...actions.map((action) =>
      cells([
        words.actions[action.replace('.', '_')] ?? action,
        `\`${action}\``,
        ...roles.map((role) => (can(role, action) ? 'yes' : '–')),
      ]),
    ),
    '',
    words.help.rules,
    '',
  ].join('\n');
}
