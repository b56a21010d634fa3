import { join } from 'node:path';
import type { Command, OptionSpec } from '../cli/command.js';
import { EXIT } from '../cli/exit-code.js';

/** Where the committed page stands. */
export const COMMAND_GUIDE_FILE = join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  '..',
  'docs',
  'guide',
  'yard-commands.md',
);

/** Every command as a page, from the same data as `--help`. */
export function commandGuide(commands: readonly Command[]): string {
  return [
    '# Commands of `yard`',
    '',
    'Written by `pnpm -C tooling/deploy guide` from the commands themselves. Run them as `npm run -s yard -- <command>`; the way through',
    'a move is in [moving.md](moving.md), what to do when something goes wrong in [the runbooks](../runbooks/README.md).',
    '',
    'Every command takes `--config <file>`, `--json` (the answer as one JSON value on stdout), `--quiet` and `--no-color`. Exit codes: ' +
      `${Object.entries(EXIT)
        .map(([name, code]) => `${code} ${name.replaceAll('_', ' ')}`)
        .join(' · ')}.`,
    '',
    '| command | what it does |',
    '| --- | --- |',
    ...commands.map(({ path, says }) => `| [\`yard ${path}\`](#yard-${path.replaceAll(' ', '-')}) | ${cell(says)} |`),
    '',
    ...commands.flatMap(commandSection),
  ].join('\n');
}

function commandSection({ path, details, arguments: args = [], options = [], examples, next }: Command): string[] {
  return [
    `## \`yard ${path}\``,
    '',
    details,
    '',
    ...(args.length + options.length > 0
      ? [
          '| | |',
          '| --- | --- |',
          ...args.map(({ name, says }) => `| \`${code(name)}\` | ${cell(says)} |`),
          ...options.map((option) => `| \`${code(option.flags)}\` | ${cell(optionText(option))} |`),
          '',
        ]
      : []),
    ...examples.flatMap(({ line, says }) => [says, '', '```sh', line, '```', '']),
    ...(next === undefined ? [] : [`Next: ${next}`, '']),
  ];
}

function optionText({ says, fallback, required }: OptionSpec): string {
  return `${says}${required ? ' (required)' : ''}${fallback === undefined ? '' : ` (default ${fallback})`}`;
}

function cell(text: string): string {
  return code(text).replaceAll('<', '&lt;');
}

/** Between backticks, where `<` means itself. */
function code(text: string): string {
  return text.replaceAll('|', '\\|');
}
