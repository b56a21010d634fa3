import type { DatabaseOptions } from '@labelyard/db';
import { withSession } from './session.js';

export interface SlowStatement {
  readonly statement: string;
  readonly calls: number;
  readonly mean_ms: number;
  readonly total_seconds: number;
  /** Share of all time that statements took. */
  readonly share: number;
  readonly rows: number;
}

export type SlowStatements =
  | { readonly state: 'on'; readonly statements: readonly SlowStatement[] }
  /** The library is loaded, the extension is not made. */
  | { readonly state: 'loaded' }
  | { readonly state: 'off' };

/** The statements that take most of the server's time, by pg_stat_statements, where it runs. Changes nothing. */
export async function slowStatements(
  database: DatabaseOptions,
  most: number,
  signal?: AbortSignal,
): Promise<SlowStatements> {
  return withSession(database, signal, async (session) => {
    const [extension] = await session.rows<{ schema: string }>(
      `select quote_ident(n.nspname) as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace
        where e.extname = 'pg_stat_statements'`,
    );
    const { loaded } = await session.one<{ loaded: boolean }>(
      `select exists (select from pg_settings where name = 'pg_stat_statements.max') as loaded`,
    );
    if (!loaded) return { state: 'off' };
    if (!extension) return { state: 'loaded' };
    const statements = await session.rows<SlowStatement>(
      `select regexp_replace(query, '\\s+', ' ', 'g') as statement, calls::float8, mean_exec_time as mean_ms,
          total_exec_time / 1000 as total_seconds, rows::float8,
          total_exec_time / nullif(sum(total_exec_time) over (), 0) as share
        from ${extension.schema}.pg_stat_statements
        where dbid = (select oid from pg_database where datname = current_database())
        order by total_exec_time desc limit $1`,
      [most],
    );
    return { state: 'on', statements };
  });
}
