import pg from 'pg';
import { MIGRATIONS_TABLE } from '../connection/data-source.js';
import type { Migratable } from './run-migrations.js';

const READABLE = ['users', 'organizations', MIGRATIONS_TABLE];
const WRITABLE = ['invitations'];

/**
 * What the API's own role may do in a User DB: read people and organizations, write invitations, nothing else. For standalone use; in a
 * Platform installation its operator grants the same. The role must exist. Can be repeated.
 */
export async function grantRestrictedRole({ dataSource }: Migratable, role: string): Promise<void> {
  const name = pg.escapeIdentifier(role);
  await dataSource.transaction(async (manager) => {
    for (const statement of [
      `revoke all on all tables in schema public from ${name}`,
      `revoke all on all sequences in schema public from ${name}`,
      `revoke create on schema public from ${name}`,
      `grant usage on schema public to ${name}`,
      `grant select on ${READABLE.join(', ')} to ${name}`,
      `grant select, insert, update, delete on ${WRITABLE.join(', ')} to ${name}`,
    ]) {
      await manager.query(statement);
    }
  });
}
