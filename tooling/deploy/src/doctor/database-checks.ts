import { YardError } from '../cli/yard-error.js';
import { DATABASES, databaseIdentity, type DatabaseName } from '../ends/open-ends.js';
import { type Check, fail, ok, warn } from './check.js';
import { hostKind } from './host-kind.js';

/** What our migrations are tested against. */
const OLDEST_MAJOR = 15;
const UNREACHABLE =
  'Does the server run, is the address right, and may this machine reach it? A database on Railway needs Public Access for that.';
const SKEW_WARN_S = 5;
const SKEW_FAIL_S = 60;

export const DATABASE_TITLES: Readonly<Record<DatabaseName, string>> = { labeler: 'Labeler DB', user: 'User DB' };

/** Whether each database is there, safe to reach, and of the right kind. */
export const DATABASE_CHECKS: readonly Check[] = DATABASES.flatMap((name): Check[] => {
  const title = DATABASE_TITLES[name];
  const prefix = name === 'labeler' ? 'LABELER_DB' : 'USER_DB';
  return [
    {
      id: `${name}_db.reach`,
      title: `${title} answers`,
      why: 'Nothing works without it.',
      async run({ parts }) {
        const env = parts.databaseEnv(name);
        const pool = await parts.connect(name).catch((error: unknown) => {
          if (!(error instanceof YardError) || !/does not answer/u.test(error.message)) throw error;
          throw new YardError(error.exit, error.message, UNREACHABLE, { cause: error });
        });
        const { rows } = await pool.query<{ version: string; role: string; size: string }>(
          `select current_setting('server_version') as version, current_user as role,
             pg_size_pretty(pg_database_size(current_database())) as size`,
        );
        const [{ version, role, size }] = rows as [(typeof rows)[number]];
        const seen = `${databaseIdentity(env)} as ${role}, Postgres ${version}, ${size}`;
        const major = Number.parseInt(version, 10);
        return major < OLDEST_MAJOR
          ? fail(seen, `Upgrade the server: Postgres ${OLDEST_MAJOR} is the oldest that Labelyard works with.`)
          : ok(seen);
      },
    },
    {
      id: `${name}_db.tls`,
      title: `${title} over an encrypted connection`,
      why: 'Across the internet, passwords and data are read by whoever is on the way.',
      async run({ parts }) {
        const { url, tls } = parts.databaseEnv(name);
        const { hostname } = new URL(url);
        const kind = hostKind(hostname);
        if (tls.mode === 'disable')
          return kind === 'public'
            ? fail(
                `${hostname} is on the internet, and DB_SSL is disable`,
                `Set ${prefix}_SSL=verify-ca with ${prefix}_SSL_CA (Railway’s public proxy), or use the private *.railway.internal address.`,
              )
            : ok(
                `not encrypted, and need not be: ${hostname} is ${kind === 'loopback' ? 'this machine' : 'in a private network'}`,
              );
        if (tls.mode === 'require' && kind === 'public')
          return warn(
            `encrypted, but nobody checks that ${hostname} is the server it says it is (DB_SSL=require)`,
            'Use verify-ca with the issuer’s certificate, or pin with the server’s fingerprint.',
          );
        const rows = await parts.rows(name);
        const [connection] = await rows<{ ssl: boolean; version: string | null }>(
          'select ssl, version from pg_stat_ssl where pid = pg_backend_pid()',
        );
        return connection?.ssl
          ? ok(`${connection.version}, mode ${tls.mode}`)
          : warn(
              `mode ${tls.mode}; the server sees no TLS (a proxy in between ends it)`,
              'Check that the way behind the proxy is private.',
            );
      },
    },
    {
      id: `${name}_db.encoding`,
      title: `${title}’s text`,
      why: 'Names in any language must be stored; an index sorted by another library finds nothing.',
      async run({ parts }) {
        const rows = await parts.rows(name);
        const [it] = await rows<{
          encoding: string;
          collation: string;
          recorded: string | null;
          actual: string | null;
        }>(
          `select pg_encoding_to_char(encoding) as encoding, datcollate as collation, datcollversion as recorded,
             pg_database_collation_actual_version(oid) as actual from pg_database where datname = current_database()`,
        );
        const { encoding = '', collation = '', recorded = null, actual = null } = it ?? {};
        if (encoding !== 'UTF8')
          return fail(
            `its encoding is ${encoding}`,
            'Make the database anew: create database … encoding UTF8 template template0.',
          );
        if (recorded !== actual)
          return warn(
            `${encoding}, ${collation} of version ${recorded ?? 'none'}, while the server has ${actual ?? 'none'}`,
            'reindex database, then: alter database … refresh collation version.',
          );
        return ok(`${encoding}, ${collation}`);
      },
    },
    {
      id: `${name}_db.clock`,
      title: `${title}’s clock`,
      why: 'Locks, tokens and retention compare times of both machines.',
      async run({ parts }) {
        const rows = await parts.rows(name);
        const before = Date.now();
        const [row] = await rows<{ at: number }>('select extract(epoch from clock_timestamp())::float8 as at');
        const skew = Math.abs((row?.at ?? 0) - (before + Date.now()) / 2_000);
        const seen = `${skew.toFixed(1)} s apart from this machine’s`;
        const next = 'Set the clocks: is NTP on?';
        return skew > SKEW_FAIL_S ? fail(seen, next) : skew > SKEW_WARN_S ? warn(seen, next) : ok(seen);
      },
    },
  ];
});
