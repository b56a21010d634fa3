import { DATABASES, type DatabaseName } from '../ends/open-ends.js';
import { type Check, fail, ok, Skip, warn } from './check.js';
import { DATABASE_TITLES } from './database-checks.js';
import type { Rows } from './doctor-parts.js';

const MIGRATE =
  'Run the migrations: node apps/api/dist/migrate.js with this environment (on Railway the pre-deploy command does).';

/** What this build brings; loaded when it is asked for, as it is most of the product. */
async function migrationsOf(name: DatabaseName) {
  const { LABELER_SCHEMA, MIGRATIONS_TABLE, USER_SCHEMA } = await import('@labelyard/db');
  const { migrations } = name === 'labeler' ? LABELER_SCHEMA : USER_SCHEMA;
  return { table: MIGRATIONS_TABLE, migrations: migrations.map((Migration) => new Migration()) };
}

/** Extensions that our migrations make. */
async function neededExtensions(name: DatabaseName): Promise<readonly string[]> {
  const text = JSON.stringify((await migrationsOf(name)).migrations);
  return [
    ...new Set([...text.matchAll(/create extension if not exists (\w+)/gu)].map(([, extension = '']) => extension)),
  ];
}

/** A database somebody made and nobody filled: what a move goes into. */
export async function isEmpty(rows: Rows): Promise<boolean> {
  const [row] = await rows<{ empty: boolean }>(
    `select not exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and n.nspname <> 'information_schema' and n.nspname !~ '^pg_') as empty`,
  );
  return row?.empty ?? false;
}

/** @throws Skip for what only a filled database has */
export async function skipEmpty(rows: Rows): Promise<void> {
  if (await isEmpty(rows)) throw new Skip('The database is empty still.');
}

async function hasTable(rows: Rows, table: string): Promise<boolean> {
  const [row] = await rows<{ there: boolean }>('select to_regclass($1) is not null as there', [table]);
  return row?.there ?? false;
}

/** Whether each database's schema is the one this build works with. */
export const SCHEMA_CHECKS: readonly Check[] = [
  ...DATABASES.flatMap((name): Check[] => [
    {
      id: `${name}_db.schema`,
      title: `${DATABASE_TITLES[name]}’s schema`,
      why: 'The API answers nothing while its tables are not the ones it was built for.',
      async run({ parts, profile }) {
        const rows = await parts.rows(name);
        if (name === 'user' && !/^(?:true|1|yes|on)$/iu.test(profile.env['USER_DB_MANAGED'] ?? ''))
          throw new Skip('The Platform looks after it (USER_DB_MANAGED is not set).');
        if (await isEmpty(rows))
          return warn(
            'it is empty: ready to be moved into',
            `Leave it so for a move (yard cutover plan). To begin here without one: ${MIGRATE}`,
          );
        const { table, migrations } = await migrationsOf(name);
        const known = migrations.map((migration) => migration.name ?? '');
        const applied = (await hasTable(rows, table))
          ? (await rows<{ name: string }>(`select name from ${table} order by timestamp, id`)).map((row) => row.name)
          : [];
        const pending = known.filter((migration) => !applied.includes(migration));
        const newer = applied.filter((migration) => !known.includes(migration));
        if (pending.length > 0) return fail(`${pending.length} migrations are pending: ${pending.join(', ')}`, MIGRATE);
        if (newer.length > 0)
          return warn(
            `it has migrations this build does not know: ${newer.join(', ')}`,
            'Use the newer build here as well.',
          );
        return ok(`up to date: ${known.at(-1) ?? 'no migrations'}`);
      },
    },
    {
      id: `${name}_db.indexes`,
      title: `${DATABASE_TITLES[name]}’s indexes`,
      why: 'An invalid index is kept up to date and never used: slow both ways.',
      async run({ parts }) {
        const rows = await parts.rows(name);
        const invalid = await rows<{ name: string }>(
          `select indexrelid::regclass::text as name from pg_index where not indisvalid or not indisready order by 1`,
        );
        const names = invalid.map((row) => row.name).join(', ');
        return invalid.length === 0
          ? ok('all valid')
          : fail(`invalid: ${names}`, 'reindex index concurrently …, for each of them.');
      },
    },
  ]),
  {
    id: 'labeler_db.extensions',
    title: 'Labeler DB’s extensions',
    why: 'Search needs them; a hosted server may not have them.',
    async run({ parts }) {
      const needed = await neededExtensions('labeler');
      const rows = await parts.rows('labeler');
      const found = await rows<{ name: string; installed: boolean }>(
        'select name, installed_version is not null as installed from pg_available_extensions where name = any($1)',
        [needed],
      );
      const missing = needed.filter((extension) => !found.some(({ name }) => name === extension));
      if (missing.length > 0)
        return fail(
          `the server does not have ${missing.join(', ')}`,
          'Install Postgres’s contrib modules there, or use another image.',
        );
      if (await isEmpty(rows)) return ok(`the server has ${needed.join(', ')}`);
      const waiting = found.filter(({ installed }) => !installed).map(({ name }) => name);
      return waiting.length === 0
        ? ok(needed.join(', '))
        : warn(
            `${waiting.join(', ')} ${waiting.length === 1 ? 'is' : 'are'} there and not installed in this database`,
            MIGRATE,
          );
    },
  },
  {
    id: 'labeler_db.queue',
    title: 'Background jobs',
    why: 'Exports, imports and thumbnails are made by them.',
    async run({ parts }) {
      const rows = await parts.rows('labeler');
      await skipEmpty(rows);
      if (!(await hasTable(rows, 'graphile_worker.jobs'))) return fail('the queue’s tables are missing', MIGRATE);
      const [jobs] = await rows<{ waiting: number; late: number; given_up: number }>(
        `select count(*)::int as waiting,
           count(*) filter (where run_at < now() - interval '10 minutes' and attempts < max_attempts)::int as late,
           count(*) filter (where attempts >= max_attempts and locked_at is null)::int as given_up
         from graphile_worker.jobs`,
      );
      const { waiting = 0, late = 0, given_up = 0 } = jobs ?? {};
      if (late > 0)
        return warn(
          `${late} jobs are more than ten minutes late`,
          'Does a process with PROCESS_ROLE all or worker run? See its log.',
        );
      if (given_up > 0)
        return warn(
          `${given_up} jobs failed for good`,
          'select task_identifier, last_error from graphile_worker.jobs where attempts >= max_attempts',
        );
      return ok(`${waiting} in the queue, none late`);
    },
  },
  {
    id: 'labeler_db.maintenance',
    title: 'Maintenance',
    why: 'While it is on, nobody can save.',
    async run({ parts }) {
      const rows = await parts.rows('labeler');
      if (!(await hasTable(rows, 'maintenance'))) throw new Skip('The schema does not have it yet.');
      const [on] = await rows<{ started_at: string; started_by: string; reason: string }>(
        'select started_at::text, started_by, reason from maintenance',
      );
      return on
        ? warn(
            `on since ${on.started_at}, by ${on.started_by}: ${on.reason}`,
            'End it when the work is done: see yard help moving.',
          )
        : ok('off');
    },
  },
];
