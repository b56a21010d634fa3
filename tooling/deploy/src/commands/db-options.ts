import type { DatabaseOptions } from '@labelyard/db';
import type { CommandContext, OptionSpec } from '../cli/command.js';
import { choiceOption, textOption } from '../cli/option-values.js';
import { YardError } from '../cli/yard-error.js';
import { DATABASES, databaseOf, type DatabaseName } from '../ends/open-ends.js';

/** Which of the two databases a command is about. */
export const DATABASE: OptionSpec = {
  flags: '--database <name>',
  says: `which database: ${DATABASES.join(' or ')}`,
  fallback: 'labeler',
};

export const JOBS: OptionSpec = { flags: '--jobs <n>', says: 'tables worked on at a time', fallback: '2' };

export function databaseName(context: CommandContext): DatabaseName {
  return choiceOption(context, 'database', DATABASES);
}

/** The database of the environment that an option (`env`, `from`, `to`) names. @throws YardError bad_input, EnvError */
export function databaseEnd(context: CommandContext, option: 'env' | 'from' | 'to'): DatabaseOptions {
  const profile = context.profile(textOption(context, option));
  const database = databaseOf(profile, databaseName(context));
  if (database) return database;
  throw new YardError(
    'bad_input',
    `The User DB of "${profile.name}" belongs to the Platform: Labelyard only reads it.`,
    'Move it with the Platform’s own means, or set USER_DB_MANAGED=true where it is Labelyard’s own.',
  );
}
