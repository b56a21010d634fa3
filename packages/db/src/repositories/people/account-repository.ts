import { DomainError, leavesNoAdmin, type SystemRole } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { decodeCursor, encodeCursor, escapeLike, type Page, pageOf, type PageRequest } from '../paging.js';
import { type PersonWithOrganization, UserDirectory } from './user-directory.js';

export interface NewAccount {
  readonly email: string;
  readonly full_name: string;
  readonly hashed_password: string;
  readonly system_role: SystemRole;
  /** Name of the organization, made when there is none. */
  readonly organization: string | null;
}

export type AccountPatch = {
  readonly [K in 'email' | 'full_name' | 'system_role' | 'organization' | 'is_active']?:
    (NewAccount & { readonly is_active: boolean })[K] | undefined;
};

const PERSON = `u.id::text as id, u.email, u.full_name, u.company, u.division, u.department,
  u.organization_id::text as organization_id, u.system_role, u.is_active, u.avatar_name, u.badge_color, u.session_epoch, u.created_at,
  (select json_build_object('id', o.id::text, 'name', o.name) from organizations o where o.id = u.organization_id) as organization`;

const ID = /^\d{1,18}$/u;

/**
 * Accounts of people in standalone use, through a connection whose role owns the User DB. The API's usual role has no
 * right to any of this.
 */
export class AccountRepository {
  constructor(private readonly connection: Connection) {}

  /** By name. `q` is part of a name or e-mail address. */
  async list(
    { q, is_active }: { readonly q: string; readonly is_active?: boolean | undefined },
    { limit, cursor }: PageRequest,
  ): Promise<Page<PersonWithOrganization>> {
    const order = 'accounts';
    const after = decodeCursor<[string, string]>(order, ['string', 'string'], cursor);
    const rows = await this.connection.rows<PersonWithOrganization & { sort: string }>(
      `select ${PERSON}, lower(u.full_name) as sort from users u
        where ($1 = '%%' or u.full_name ilike $1 or u.email ilike $1) and ($2::boolean is null or u.is_active = $2)
          and ($3::text is null or (lower(u.full_name), u.id) > ($3, $4::bigint))
        order by lower(u.full_name), u.id limit $5`,
      [
        `%${escapeLike(q.normalize('NFC').trim())}%`,
        is_active ?? null,
        after?.[0] ?? null,
        after?.[1] ?? null,
        limit + 1,
      ],
    );
    const page = pageOf(rows, limit, (last) => encodeCursor(order, [last.sort, last.id]));
    return { ...page, items: page.items.map(({ sort: _, ...person }) => person) };
  }

  async organizations({ limit, cursor }: PageRequest): Promise<Page<{ id: string; name: string }>> {
    const order = 'organizations';
    const after = decodeCursor<[string]>(order, ['string'], cursor);
    const rows = await this.connection.rows<{ id: string; name: string; sort: string }>(
      `select o.id::text as id, o.name, lower(o.name) as sort from organizations o
        where $1::text is null or lower(o.name) > $1 order by lower(o.name) limit $2`,
      [after?.[0] ?? null, limit + 1],
    );
    const page = pageOf(rows, limit, (last) => encodeCursor(order, [last.sort]));
    return { ...page, items: page.items.map(({ id, name }) => ({ id, name })) };
  }

  /** Throws duplicate when somebody has the e-mail address. */
  create(values: NewAccount): Promise<PersonWithOrganization> {
    return this.connection.atomic(async (transaction) => {
      const row = await transaction.one<PersonWithOrganization>(
        `insert into users as u (email, full_name, hashed_password, system_role, organization_id)
          values ($1, $2, $3, $4, $5) returning ${PERSON}`,
        [
          values.email,
          values.full_name,
          values.hashed_password,
          values.system_role,
          await organizationId(transaction, values.organization),
        ],
      );
      return row as PersonWithOrganization;
    });
  }

  /**
   * Answers the account before and after; switching off ends all sessions for good. Throws not_found, duplicate (e-mail address), or in_use with the reason
   * `last_admin` when nobody could administer people afterwards.
   */
  update(
    user_id: string,
    patch: AccountPatch,
  ): Promise<{ before: PersonWithOrganization; after: PersonWithOrganization }> {
    return this.connection.atomic(async (transaction) => {
      // Two admins must not switch each other off at the same moment.
      await transaction.run(`select pg_advisory_xact_lock(hashtextextended('labelyard.admins', 0))`);
      const before = await find(transaction, user_id);
      const admins = await transaction.one<{ count: number }>(
        `select count(*) as count from users where system_role = 'admin' and is_active and id <> $1`,
        [user_id],
      );
      const next = {
        system_role: patch.system_role ?? before.system_role,
        is_active: patch.is_active ?? before.is_active,
      };
      if (leavesNoAdmin(before, next, admins?.count ?? 0))
        throw new DomainError('in_use', 'The last active admin can be neither switched off nor demoted', {
          reason: 'last_admin',
        });
      const organization =
        patch.organization === undefined
          ? before.organization_id
          : await organizationId(transaction, patch.organization);
      const after = await transaction.one<PersonWithOrganization>(
        `update users u set email = $2, full_name = $3, system_role = $4, is_active = $5, organization_id = $6,
            session_epoch = u.session_epoch + (u.is_active and not $5)::integer, updated_at = now()
          where u.id = $1 returning ${PERSON}`,
        [
          user_id,
          patch.email ?? before.email,
          patch.full_name ?? before.full_name,
          next.system_role,
          next.is_active,
          organization,
        ],
      );
      return { before, after: after as PersonWithOrganization };
    });
  }

  /** Ends all sessions. Throws not_found. */
  async setPassword(user_id: string, hashed_password: string): Promise<PersonWithOrganization> {
    const row =
      ID.test(user_id) &&
      (await this.connection.one<PersonWithOrganization>(
        `update users u set hashed_password = $2, session_epoch = u.session_epoch + 1, updated_at = now() where u.id = $1 returning ${PERSON}`,
        [user_id, hashed_password],
      ));
    if (!row) throw missing();
    return row;
  }
}

async function find(connection: Connection, user_id: string): Promise<PersonWithOrganization> {
  const row =
    ID.test(user_id) &&
    (await connection.one<PersonWithOrganization>(`select ${PERSON} from users u where u.id = $1 for update`, [
      user_id,
    ]));
  if (!row) throw missing();
  return row;
}

async function organizationId(connection: Connection, name: string | null): Promise<string | null> {
  return name === null ? null : (await new UserDirectory(connection).upsertOrganization(name)).id;
}

function missing(): DomainError {
  return new DomainError('not_found', 'There is no such person');
}
