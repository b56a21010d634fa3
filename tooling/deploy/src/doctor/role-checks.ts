import { type Check, fail, ok, warn } from './check.js';
import { isStrict } from './environment-checks.js';
import { skipEmpty } from './schema-checks.js';

interface Right {
  readonly name: string;
  readonly reads: boolean;
  readonly writes: boolean;
}

/** Tables of the User DB and what the API's role needs of each. */
const READ = ['users', 'organizations'];
const WRITTEN = ['invitations'];

/** Whether the role that reads people can do no more than that. */
export const ROLE_CHECKS: readonly Check[] = [
  {
    id: 'user_db.rights',
    title: 'User DB’s role',
    why: 'People belong to the Platform: the API reads them, and writes nothing but invitations.',
    async run({ parts, profile }) {
      const rows = await parts.rows('user');
      await skipEmpty(rows);
      const rights = await rows<Right>(
        `select c.relname as name, has_table_privilege(c.oid, 'select') as reads,
           has_any_column_privilege(c.oid, 'insert, update') or has_table_privilege(c.oid, 'delete, truncate') as writes
         from pg_class c where c.relnamespace = to_regnamespace('public') and c.relkind in ('r', 'p') order by 1`,
      );
      const lacks = [
        ...[...READ, ...WRITTEN]
          .filter((table) => !rights.some(({ name, reads }) => name === table && reads))
          .map((table) => `read ${table}`),
        ...WRITTEN.filter((table) => !rights.some(({ name, writes }) => name === table && writes)).map(
          (table) => `write ${table}`,
        ),
      ];
      if (lacks.length > 0)
        return fail(
          `it may not ${lacks.join(', ')}`,
          `grant select on ${READ.join(', ')}; grant select, insert, update, delete on ${WRITTEN.join(', ')}; each to this role.`,
        );
      const more = rights.filter(({ name, writes }) => writes && !WRITTEN.includes(name)).map(({ name }) => name);
      if (more.length === 0) return ok(`reads ${READ.join(' and ')}, writes ${WRITTEN.join(', ')} only`);
      return (isStrict(profile) ? fail : warn)(
        `it may also write ${more.join(', ')}`,
        `Use a role of its own: create role …; grant select on ${READ.join(', ')}; grant select, insert, update, delete on ${WRITTEN.join(', ')}.`,
      );
    },
  },
];
