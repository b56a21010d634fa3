import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { COMMANDS } from '../commands/all-commands.js';
import { COMMAND_GUIDE_FILE, commandGuide } from './command-guide.js';

test('the committed page is what the commands say (else: pnpm -C tooling/deploy guide)', async () => {
  const options = { ...(await resolveConfig(COMMAND_GUIDE_FILE)), parser: 'markdown' };
  expect(readFileSync(COMMAND_GUIDE_FILE, 'utf8')).toBe(await format(commandGuide(COMMANDS), options));
});

test.each(COMMANDS.map((command) => [command.path, command] as const))('%s teaches', (path, command) => {
  expect(command.details.length).toBeGreaterThan(40);
  expect(command.examples.length).toBeGreaterThan(0);
  for (const { line } of command.examples) expect(line).toMatch(new RegExp(`^(\\S+=\\S+ )*yard ${path}( |$)`, 'u'));
});
