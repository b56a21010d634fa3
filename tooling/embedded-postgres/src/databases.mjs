// Roles and databases of an installation. What a role may touch inside a database comes with the migrations.
import pg from 'pg';
import { withConnection } from './connection.mjs';

/**
 * @typedef {object} Role
 * @property {string} name
 * @property {string} password kept in step with the caller's on every call
 *
 * @typedef {object} DatabaseWish
 * @property {string} name
 * @property {string} owner
 * @property {string[]} [connect] further roles that may connect; everybody else is refused
 */

/**
 * Creates what is missing and changes nothing else; safe to call at every start and from two processes at once.
 *
 * @param {{ url: string, roles: Role[], databases: DatabaseWish[] }} options url of the superuser on database "postgres"
 */
export async function ensureDatabases({ url, roles, databases }) {
  await withConnection(url, async (client) => {
    // Two starts at once take turns; the lock ends with the connection.
    await client.query("select pg_advisory_lock(hashtext('labelyard: ensureDatabases'))");
    for (const { name, password } of roles) {
      const known = await client.query('select 1 from pg_roles where rolname = $1', [name]);
      const verb = known.rowCount ? 'alter' : 'create';
      await client.query(`${verb} role ${pg.escapeIdentifier(name)} login password ${pg.escapeLiteral(password)}`);
    }
    for (const { name, owner, connect = [] } of databases) {
      const database = pg.escapeIdentifier(name);
      const known = await client.query('select 1 from pg_database where datname = $1', [name]);
      if (!known.rowCount) await client.query(`create database ${database} owner ${pg.escapeIdentifier(owner)}`);
      await client.query(`revoke all on database ${database} from public`);
      for (const role of connect)
        await client.query(`grant connect on database ${database} to ${pg.escapeIdentifier(role)}`);
    }
  });
}
