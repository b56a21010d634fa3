import type { Session } from '../session.js';
import { qualified } from '../sql-names.js';

/**
 * Statistics for the planner, of those tables that hold something. For one that it knows to be empty Postgres makes plans that read it
 * whole, and sessions keep them while it fills; about one it knows nothing of it thinks with more care.
 */
export async function analyzeFilled(
  session: Session,
  tables: readonly { readonly schema: string; readonly name: string }[],
): Promise<void> {
  const filled = await session.rows<{ table: string }>(
    'select t as table from unnest($1::text[]) t where pg_relation_size(t::regclass) > 0',
    [tables.map(qualified)],
  );
  for (const { table } of filled) await session.run(`analyze ${table}`);
}
