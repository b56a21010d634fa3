import { YardError } from '../../cli/yard-error.js';
import { databaseIdentity } from '../../ends/open-ends.js';
import { type DatabaseCatalog, majorVersion } from '../catalog/database-catalog.js';
import { inPasses } from '../run-in-passes.js';
import type { Session } from '../session.js';
import {
  finalStatements,
  foreignKeyStatements,
  groundStatements,
  indexStatements,
  objectStatements,
} from './schema-statements.js';

/** Thrown so that the transaction ends without a trace. */
const TRIED = new Error('Only tried');
const SHOWN = 160;

/**
 * Makes everything that `catalog` has, apart from rows, in an empty target and takes it back in one transaction: what a server of another
 * version or image does not understand is told before anything is touched, not when half of the rows are there.
 *
 * @throws YardError bad_input
 */
export async function trySchema(target: Session, catalog: DatabaseCatalog): Promise<void> {
  const { tables } = catalog;
  const statements = [
    ...groundStatements(catalog),
    ...objectStatements(catalog),
    ...tables.map(indexStatements).flatMap(({ indexes, constraints }) => [...indexes, ...constraints]),
    ...tables.flatMap(foreignKeyStatements).map(({ add }) => add),
    ...tables.flatMap(finalStatements),
  ];
  try {
    await target.transaction(async () => {
      const failed = await inPasses(target, statements);
      throw failed ? await refusal(target, catalog, failed) : TRIED;
    });
  } catch (error) {
    if (error !== TRIED) throw error;
  }
}

/** What has a meaning of its own (a right, the disk, the connection) stays as it is. */
async function refusal(
  target: Session,
  catalog: DatabaseCatalog,
  { statement, error }: { readonly statement: string; readonly error: unknown },
): Promise<unknown> {
  if (error instanceof YardError || !(error instanceof Error)) return error;
  const { version } = await target.one<{ version: number }>(
    `select current_setting('server_version_num')::integer / 10000 as version`,
  );
  const source = majorVersion(catalog);
  const shown = statement.length > SHOWN ? `${statement.slice(0, SHOWN)}…` : statement;
  return new YardError(
    'bad_input',
    `${databaseIdentity(target.options)} (Postgres ${version}) cannot hold what the source (Postgres ${source}) has: ${error.message}. It was asked: ${shown.replaceAll(/\s+/gu, ' ')}`,
    `${version < source ? `Use a server of Postgres ${source} or newer as target, or` : 'Use a server that can, or'} do without it in the source; nothing was changed.`,
    { cause: error },
  );
}
