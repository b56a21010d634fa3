import { DATABASES, type DatabaseName } from '../ends/open-ends.js';
import { type Check, type CheckContext, fail, ok } from './check.js';
import { DATABASE_TITLES } from './database-checks.js';

/** Connections of an API process outside its pool, per database: background jobs and the listener for events use the Labeler DB. */
const BESIDE_POOL: Readonly<Record<DatabaseName, number>> = { labeler: 6, user: 0 };
/** Migrations, and people who look. */
const OPERATOR = 4;

/** Whether the server has connections enough for all API processes. */
export const CONNECTION_CHECKS: readonly Check[] = DATABASES.map((name) => ({
  id: `${name}_db.connections`,
  title: `${DATABASE_TITLES[name]}’s connections`,
  why: 'When they run out, requests fail under load, and nobody can look why.',
  async run(context) {
    const { parts, replicas } = context;
    const rows = await parts.rows(name);
    const [limits] = await rows<{ most: number; reserved: number; role_most: number; database_most: number }>(
      `select current_setting('max_connections')::int as most,
         current_setting('superuser_reserved_connections')::int + coalesce(current_setting('reserved_connections', true), '0')::int as reserved,
         (select rolconnlimit from pg_roles where rolname = current_user) as role_most,
         (select datconnlimit from pg_database where datname = current_database()) as database_most`,
    );
    const { most = 0, reserved = 0, role_most = -1, database_most = -1 } = limits ?? {};
    const room = Math.min(...[most - reserved, role_most, database_most].filter((limit) => limit >= 0));
    const together = onSameServer(context, name);
    const each = together.reduce((sum, one) => sum + parts.databaseEnv(one).pool.max + BESIDE_POOL[one], 0);
    const needed = replicas * each + OPERATOR;
    const seen = `${replicas} API process${replicas === 1 ? '' : 'es'} × ${each}${together.length > 1 ? ' (both databases are on it)' : ''} + ${OPERATOR} for migrations and operators = ${needed} of ${room}`;
    return needed <= room
      ? ok(seen)
      : fail(seen, 'Lower DB_POOL_SIZE and DB_MAX_OVERFLOW, run fewer processes, or raise max_connections.');
  },
}));

function onSameServer({ parts }: CheckContext, name: DatabaseName): readonly DatabaseName[] {
  const server = (one: DatabaseName) => new URL(parts.databaseEnv(one).url).host;
  return DATABASES.filter((one) => {
    try {
      return server(one) === server(name);
    } catch {
      return false;
    }
  });
}
