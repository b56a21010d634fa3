import { Argument, Command as Commander, CommanderError, Option } from 'commander';
import { defineOutcome, type Outcome } from './outcome.js';
import type { Command, OptionValue } from './command.js';
import { commandHelp } from './command-help.js';

/** What was asked for on a command line, before anything is opened. */
export interface Request {
  readonly command: Command;
  readonly options: Readonly<Record<string, OptionValue>>;
  readonly args: readonly string[];
}

/** Options that every command takes. */
export const GLOBAL_OPTIONS = [
  ['--config <file>', 'another yard.config.ts'],
  ['--json', 'answer as JSON on stdout'],
  ['--quiet', 'say nothing on stderr but errors'],
  ['--no-color', 'no colours'],
] as const;

/**
 * Reads a command line with commander; the commands are data. Help that was asked for and words that make no sense come back as an
 * outcome of their own, so that nothing here ends the process.
 */
export async function readCommandLine(
  commands: readonly Command[],
  argv: readonly string[],
): Promise<Request | Outcome> {
  let request: Request | undefined;
  let text = '';
  const write = (part: string) => void (text += part);
  const root = prepared(new Commander('yard'), write);
  for (const [flags, says] of GLOBAL_OPTIONS) root.option(flags, says);
  const groups = new Map<string, Commander>([['', root]]);
  for (const command of commands) {
    const words = command.path.split(' ');
    const leaf = prepared(groupOf(groups, words, write).command(words.at(-1) ?? ''), write)
      .summary(command.says)
      .description(command.details)
      .addHelpText('after', () => commandHelp(command));
    for (const argument of command.arguments ?? []) leaf.addArgument(new Argument(argument.name, argument.says));
    for (const spec of command.options ?? []) {
      const option = new Option(spec.flags, spec.says);
      if (spec.fallback !== undefined) option.default(spec.fallback);
      leaf.addOption(spec.required ? option.makeOptionMandatory() : option);
    }
    leaf.action(() => {
      request = { command, options: leaf.optsWithGlobals(), args: leaf.processedArgs.flat() as string[] };
    });
  }
  try {
    await root.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return defineOutcome(error.exitCode === 0 ? 'ok' : 'bad_input', text);
  }
  return request ?? defineOutcome('bad_input', text);
}

function prepared(command: Commander, write: (part: string) => void): Commander {
  return command
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: write })
    .showHelpAfterError('(yard help shows all commands; --help after a command shows how it is used)')
    .showSuggestionAfterError();
}

/** The command that holds `db copy` is `db`; made when first needed. */
function groupOf(groups: Map<string, Commander>, words: readonly string[], write: (part: string) => void): Commander {
  const path = words.slice(0, -1).join(' ');
  const known = groups.get(path);
  if (known) return known;
  const parent = groupOf(groups, words.slice(0, -1), write);
  const made = prepared(parent.command(words.at(-2) ?? ''), write);
  groups.set(path, made);
  return made;
}
