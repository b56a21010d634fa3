import type { Command } from './command.js';

/** What stands below a command's options. */
export function commandHelp({ examples, next }: Command): string {
  const lines = examples.flatMap(({ line, says }) => [`  ${says}`, `    ${line}`]);
  return [
    ...(lines.length > 0 ? ['', 'Examples:', ...lines] : []),
    ...(next === undefined ? [] : ['', `Next: ${next}`]),
    '',
    'Exit codes: 0 ok · 1 a check failed · 2 differences or something to do · 3 bad input · 4 something does not answer · 130 interrupted',
  ].join('\n');
}
