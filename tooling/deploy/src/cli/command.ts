import type { ProfileOptions, Profiles } from '../profiles/load-profiles.js';
import type { Profile } from '../profiles/profile.js';
import type { StateFolder } from '../state/state-folder.js';
import type { ExitCode } from './exit-code.js';
import type { Output } from './output.js';

/** One option of a command, as data. Values come as text: a command reads them with the readers of `option-values.ts`. */
export interface OptionSpec {
  /** As commander writes it: `--to <profile>`, `--allow-unsafe`, `--table <name...>`. */
  readonly flags: string;
  readonly says: string;
  readonly fallback?: string;
  readonly required?: boolean;
}

export interface ArgumentSpec {
  /** `<plan>`, `[names...]`. */
  readonly name: string;
  readonly says: string;
}

export type OptionValue = string | boolean | readonly string[] | undefined;

/** What a command gets to work with. */
export interface CommandContext {
  readonly profiles: Profiles;
  /** The environment of that name in yard.config.ts; from here on its secrets are redacted. @throws YardError bad_input */
  profile(name: string, options?: ProfileOptions): Profile;
  readonly out: Output;
  readonly state: StateFolder;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Values of the options by their camelCase name, and the arguments. */
  readonly options: Readonly<Record<string, OptionValue>>;
  readonly args: readonly string[];
}

/** A command is data: help, documentation and parsing are made from it. */
export interface Command {
  /** Words behind `yard`: `db copy`. */
  readonly path: string;
  /** One line, in the imperative, for the list of commands. */
  readonly says: string;
  /** What it does, what it never does, and when one needs it. */
  readonly details: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  /** Whole command lines with what they do. */
  readonly examples: readonly { readonly line: string; readonly says: string }[];
  /** What one does next when it went well; shown after it. */
  readonly next?: string;
  /** Left out of the list of `yard help`, because another command there speaks for it. */
  readonly unlisted?: boolean;
  /** Takes the lock: no two of them at a time in one state folder. */
  readonly exclusive?: boolean;
  run(context: CommandContext): Promise<ExitCode>;
}

/** Both ends of a move. */
export const FROM_TO: readonly OptionSpec[] = [
  { flags: '--from <profile>', says: 'environment to read from', required: true },
  { flags: '--to <profile>', says: 'environment to write to', required: true },
];

/** The environment a command looks at. */
export const ENV: readonly OptionSpec[] = [{ flags: '--env <profile>', says: 'environment to use', fallback: 'local' }];
