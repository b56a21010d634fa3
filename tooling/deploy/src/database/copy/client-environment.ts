import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseOptions } from '@labelyard/db';
import { YardError } from '../../cli/yard-error.js';

/** How a program of Postgres' own is started: everything it needs to connect stands in its environment, nothing in its arguments. */
export interface ClientEnvironment {
  readonly env: Readonly<Record<string, string>>;
  readonly dispose: () => Promise<void>;
}

const SSL_MODES = {
  disable: 'disable',
  require: 'require',
  'verify-ca': 'verify-ca',
  'verify-full': 'verify-full',
} as const;

/**
 * The same connection as node-postgres would make, for libpq. Other PG… variables of the caller are left out.
 *
 * @param settings server settings of the session, `-c name=value`
 */
export async function clientEnvironment(
  { url, tls, applicationName }: DatabaseOptions,
  path: string | undefined,
  settings: Readonly<Record<string, string>> = {},
): Promise<ClientEnvironment> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const mode = tls?.mode ?? 'disable';
  if (mode === 'pin')
    throw new YardError(
      'bad_input',
      'pg_dump cannot check a pinned certificate.',
      'Use --method built-in, or DB_SSL=verify-ca with DB_SSL_CA.',
    );
  const folder = tls?.ca ? await mkdtemp(join(tmpdir(), 'yard-ca-')) : undefined;
  const ca = folder && join(folder, 'root.crt');
  if (ca) await writeFile(ca, tls?.ca ?? '', { mode: 0o600 });
  return {
    env: {
      ...(path !== undefined && { PATH: path }),
      LC_ALL: 'C',
      PGHOST: decodeURIComponent(hostname.replace(/^\[|\]$/gu, '')),
      PGPORT: port || '5432',
      PGUSER: decodeURIComponent(username),
      PGPASSWORD: decodeURIComponent(password),
      PGDATABASE: decodeURIComponent(pathname.slice(1)),
      PGAPPNAME: applicationName,
      PGSSLMODE: SSL_MODES[mode],
      PGCONNECT_TIMEOUT: '30',
      ...(ca && { PGSSLROOTCERT: ca }),
      ...(mode === 'verify-full' && !ca && { PGSSLROOTCERT: 'system' }),
      PGOPTIONS: Object.entries({ statement_timeout: '0', ...settings })
        .map(([name, value]) => `-c ${name}=${value}`)
        .join(' '),
    },
    dispose: async () => {
      if (folder) await rm(folder, { recursive: true, force: true });
    },
  };
}
