import pg from 'pg';
import { MIGRATIONS_TABLE } from '../connection/data-source.js';
import type { Migratable } from './run-migrations.js';

const READABLE = ['users', 'organizations', MIGRATIONS_TABLE];
const WRITABLE = ['invitations'];

/**
 * Grants the role that `reader` signs in as what the API needs, by the role that owns the database (`owner`), both connection URLs.
 *
 * @returns the role, or null when both are the same one: an owner needs no grant
 */
export async function grantReader(
  db: Migratable,
  { reader, owner }: { readonly reader: string; readonly owner: string },
): Promise<string | null> {
  const role = roleOf(reader);
  if (!role || role === roleOf(owner)) return null;
  await grantRestrictedRole(db, role);
  return role;
}

function roleOf(url: string): string {
  return decodeURIComponent(new URL(url).username);
}

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
