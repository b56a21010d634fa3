import { type Command, ENV } from '../cli/command.js';
import { EXIT } from '../cli/exit-code.js';
import { numberOption, textOption } from '../cli/option-values.js';
import { YardError } from '../cli/yard-error.js';
import { slowStatements } from '../database/slow-statements.js';
import { DATABASE, databaseEnd } from './db-options.js';

/** `yard db slow` */
export const dbSlowCommand: Command = {
  path: 'db slow',
  says: 'list the statements that take most of a database’s time',
  details:
    'Reads pg_stat_statements, which Railway’s Postgres has loaded; says how to switch it on where it is not. Changes nothing.',
  options: [...ENV, DATABASE, { flags: '--most <n>', says: 'statements listed', fallback: '10' }],
  examples: [{ line: 'yard db slow --env railway', says: 'Where does the time go?' }],
  async run(context) {
    const most = numberOption(context, 'most', { min: 1, max: 1_000 });
    const found = await slowStatements(databaseEnd(context, 'env'), most, context.signal);
    if (found.state === 'off')
      throw new YardError(
        'failed',
        'pg_stat_statements is not loaded on this server.',
        "As a superuser: alter system set shared_preload_libraries = 'pg_stat_statements', restart the server, then: create extension pg_stat_statements.",
      );
    if (found.state === 'loaded')
      throw new YardError(
        'failed',
        'pg_stat_statements is loaded, but this database does not show it.',
        `As the owner of the database of "${textOption(context, 'env')}": create extension pg_stat_statements.`,
      );
    context.out.answer(
      found.statements,
      found.statements.map(
        ({ share, mean_ms, calls, statement }) =>
          `${(share * 100).toFixed(1).padStart(5)} %  ${mean_ms.toFixed(2).padStart(9)} ms × ${calls}  ${statement.slice(0, 160)}`,
      ),
    );
    return EXIT.ok;
  },
};
