import { randomInt } from 'node:crypto';
import { YardError } from '../../cli/yard-error.js';
import { databaseIdentity } from '../../ends/open-ends.js';
import type { Session } from '../session.js';

/**
 * Two URLs may name one database in different words (host names, tunnels): a lock taken through one is looked for through the other.
 * Needs no right that an ordinary role lacks.
 *
 * @throws YardError bad_input
 */
export async function refuseSameDatabase(source: Session, target: Session): Promise<void> {
  const [high, low] = [randomInt(2 ** 31), randomInt(2 ** 31)];
  await source.run('select pg_advisory_lock($1, $2)', [high, low]);
  try {
    const { same } = await target.one<{ same: boolean }>(
      `select exists (select from pg_locks where locktype = 'advisory' and classid = $1 and objid = $2 and objsubid = 2
        and database = (select oid from pg_database where datname = current_database())) as same`,
      [high, low],
    );
    if (!same) return;
  } finally {
    await source.run('select pg_advisory_unlock($1, $2)', [high, low]);
  }
  throw new YardError(
    'bad_input',
    `Source and target are the same database (${databaseIdentity(source.options)}).`,
    'Set the target environment’s URL to another, empty database.',
  );
}
