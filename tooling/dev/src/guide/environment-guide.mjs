// The page of the docs that lists every variable. Made of the table in packages/config.
import { join } from 'node:path';
import { VARIABLE_GROUPS, VARIABLES } from '@labelyard/config';
import { ROOT } from '../bootstrap/workspace-paths.mjs';

export const ENVIRONMENT_GUIDE_FILE = join(ROOT, 'docs', 'guide', 'environment.md');

/** @returns {string} */
export function environmentGuide() {
  const cells = (/** @type {readonly string[]} */ row) => `| ${row.map(escaped).join(' | ')} |`;
  const code = (/** @type {string} */ text) => `\`${text}\``;
  return [
    '# Variables',
    '',
    'Made by `pnpm -C tooling/dev guide` from the table in `packages/config/src/variable-table.ts`. Tests fail when this page is not what the table',
    'says, or when a process reads something else.',
    '',
    'An empty variable counts as unset. A bad value ends the start with one message that names every problem; `yard env diff` tells them',
    'beforehand. **Secrets** are never shown: `yard` prints a fingerprint of them. On Railway, `${{Service.NAME}}` is replaced by the other',
    'service’s variable, `${NAME}` is not. "migrate" is the pre-deploy command of the API’s service, "start" is `npm start` on one’s own machine.',
    '',
    ...Object.entries(VARIABLE_GROUPS).flatMap(([group, title]) => [
      `## ${title}`,
      '',
      cells(['variable', 'what it is', 'otherwise', 'example', 'read by', 'on Railway']),
      cells(['---', '---', '---', '---', '---', '---']),
      ...VARIABLES.filter((variable) => variable.group === group).map(
        ({ name, says, fallback = '', example, secret, processes, railway = '' }) =>
          cells([
            code(name),
            secret ? `${says} (secret)` : says,
            fallback,
            example,
            processes.join(', '),
            railway.includes('${{') ? code(railway) : railway,
          ]),
      ),
      '',
    ]),
  ].join('\n');
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
