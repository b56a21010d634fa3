import type { DatabaseOptions } from '@labelyard/db';
import { YardError } from '../../cli/yard-error.js';
import { databaseIdentity } from '../../ends/open-ends.js';
import { type Session, withSession } from '../session.js';
import { OBJECTS, SEQUENCES, TABLES, WHOLE } from './catalog-sql.js';
import type { DatabaseCatalog } from './database-catalog.js';

/** Row hashes and snapshots as values: what the tool is made of came with 14. */
const OLDEST = 140_000;

/** Reads what a database is made of. @throws YardError bad_input when the server is too old */
export async function readCatalog(session: Session): Promise<DatabaseCatalog> {
  const answer = async <T>(sql: string) => (await session.one<{ answer: T }>(sql)).answer;
  const whole = await answer<Omit<DatabaseCatalog, 'tables' | 'sequences' | 'objects'>>(WHOLE);
  if (whole.server_version < OLDEST)
    throw new YardError(
      'bad_input',
      `${databaseIdentity(session.options)} is Postgres ${Math.floor(whole.server_version / 10_000)}; yard needs 14 or newer.`,
      'Upgrade that server first (pg_upgrade), or move by pg_dump and pg_restore by hand.',
    );
  return {
    ...whole,
    tables: await answer<DatabaseCatalog['tables']>(TABLES),
    sequences: await answer<DatabaseCatalog['sequences']>(SEQUENCES),
    objects: await answer<DatabaseCatalog['objects']>(OBJECTS),
  };
}

/** The same, with a connection of its own. */
export function inspectDatabase(options: DatabaseOptions, signal?: AbortSignal): Promise<DatabaseCatalog> {
  return withSession(options, signal, readCatalog);
}
