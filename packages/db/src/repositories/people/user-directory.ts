import { SYSTEM_ROLES, type SystemRole } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { escapeLike } from '../paging.js';
import { type PeopleColumns, readPeopleColumns } from './people-columns.js';

export interface Person {
  /** Opaque text, whatever the Platform's column type is. */
  readonly id: string;
  readonly email: string;
  readonly full_name: string;
  readonly company: string | null;
  readonly division: string | null;
  readonly department: string | null;
  readonly organization_id: string | null;
  readonly system_role: SystemRole;
  readonly is_active: boolean;
  readonly avatar_name: string | null;
  readonly badge_color: string | null;
  /** Sessions that began with a lower count are over. Always 0 where the Platform keeps the people. */
  readonly session_epoch: number;
  readonly created_at: string;
}

export interface PersonWithOrganization extends Person {
  readonly organization: { readonly id: string; readonly name: string } | null;
}

export interface NewPerson {
  readonly email: string;
  readonly full_name: string;
  readonly hashed_password: string;
  readonly system_role: SystemRole;
  readonly organization_id?: string | null;
  readonly company?: string | null;
  readonly badge_color?: string | null;
  readonly is_active?: boolean;
}

type PersonRow = PersonWithOrganization & { readonly hashed_password?: string | null };

export interface PeopleSearch {
  /** These, and nobody else. */
  readonly among?: readonly string[];
  readonly inactive?: boolean;
  /** Nobody is found by less than their whole e-mail address. */
  readonly whole_address?: boolean;
}

/** Most people of one search. */
const MAX_FOUND = 50;

/**
 * People and organizations of the User DB, which may be the Platform's own: column types are taken as they are found, ids are text to the
 * rest of Labelyard, and columns it does not have read as null.
 */
export class UserDirectory {
  private columns: Promise<PeopleColumns> | undefined;

  constructor(private readonly connection: Connection) {}

  /** For login only: carries the password hash. Any case of the e-mail address. */
  async findByEmail(
    email: string,
  ): Promise<(PersonWithOrganization & { readonly hashed_password: string | null }) | null> {
    const columns = await this.table();
    const [row] = await this.connection.hot<PersonWithOrganization & { hashed_password: string | null }>(
      `select ${columns.person}, ${columns.password}, ${columns.organization} from ${columns.from}
        where lower(u.email) = lower($1) order by u.id limit 1`,
      [email.normalize('NFC').trim()],
    );
    return row ? { ...known(row), hashed_password: row.hashed_password } : null;
  }

  async get(user_id: string): Promise<PersonWithOrganization | null> {
    const columns = await this.table();
    if (!columns.canBeId(user_id)) return null;
    const [row] = await this.connection.hot<PersonRow>(
      `select ${columns.person}, ${columns.organization} from ${columns.from} where u.id = $1::${columns.idType}`,
      [user_id],
    );
    return row ? known(row) : null;
  }

  /** One query however many; ids nobody has are missing from the answer. */
  async byIds(user_ids: Iterable<string>): Promise<Map<string, Person>> {
    const columns = await this.table();
    const ids = [...new Set(user_ids)].filter((id) => columns.canBeId(id));
    if (ids.length === 0) return new Map();
    const rows = await this.connection.hot<Person>(
      `select ${columns.person} from users u where u.id = any ($1::${columns.idType}[])`,
      [ids],
    );
    return new Map(rows.map((row) => [row.id, known(row)]));
  }

  /**
   * People by part of their name or e-mail address, those that begin with `q` first; all of them for an empty `q`. At most 50, and
   * only those who can sign in unless the `inactive` are asked for too.
   */
  async search(
    q: string,
    limit: number,
    { among, inactive = false, whole_address = false }: PeopleSearch = {},
  ): Promise<Person[]> {
    const columns = await this.table();
    const text = escapeLike(q.normalize('NFC').trim());
    const [part, beginning] = [`%${text}%`, `${text}%`];
    const rows = await this.connection.rows<Person>(
      `select ${columns.person} from users u
        where (${columns.isActive} or $5) and (u.full_name ilike $1 or u.email ilike $6)
          and ($4::${columns.idType}[] is null or u.id = any ($4))
        order by (u.full_name ilike $2 or u.email ilike $7) desc, lower(u.full_name), u.id limit $3`,
      [
        part,
        beginning,
        Math.min(limit, MAX_FOUND),
        among?.filter((user_id) => columns.canBeId(user_id)) ?? null,
        inactive,
        whole_address ? text : part,
        whole_address ? text : beginning,
      ],
    );
    return rows.map((row) => known(row));
  }

  /** Standalone use: adds people, or changes those with the same e-mail address and ends their sessions. In the order of their addresses. */
  async upsertPeople(people: readonly NewPerson[]): Promise<Person[]> {
    const columns = await this.table();
    const byEmail = new Map(people.map((person) => [person.email.toLowerCase(), person]));
    const rows = await this.connection.rows<Person>(
      `insert into users as u (email, full_name, hashed_password, system_role, organization_id, company, badge_color, is_active)
        select x.email, x.full_name, x.hashed_password, x.system_role, x.organization_id, x.company, x.badge_color,
          coalesce(x.is_active, true)
        from json_to_recordset($1::json) as x (email text, full_name text, hashed_password text, system_role text,
          organization_id bigint, company text, badge_color text, is_active boolean)
        order by lower(x.email)
        on conflict (lower(email)) do update set full_name = excluded.full_name,
          hashed_password = excluded.hashed_password, system_role = excluded.system_role,
          organization_id = excluded.organization_id, company = excluded.company, badge_color = excluded.badge_color,
          is_active = excluded.is_active, session_epoch = u.session_epoch + 1, updated_at = now()
        returning ${columns.person}`,
      [JSON.stringify([...byEmail.values()])],
    );
    return rows.map((row) => known(row));
  }

  /** Standalone use: the organization of that name in any case, new if nobody has it. */
  async upsertOrganization(name: string): Promise<{ id: string; name: string }> {
    const row = await this.connection.one<{ id: string; name: string }>(
      `insert into organizations as o (name) values ($1)
        on conflict (lower(name)) do update set updated_at = now() returning o.id::text as id, o.name`,
      [name.normalize('NFC').trim()],
    );
    return row as { id: string; name: string };
  }

  private table(): Promise<PeopleColumns> {
    this.columns ??= readPeopleColumns(this.connection).catch((error: unknown) => {
      // The database may be back at the next call.
      this.columns = undefined;
      throw error;
    });
    return this.columns;
  }
}

/** A role this version does not know opens nothing. */
function known<Row extends { readonly system_role: SystemRole }>(row: Row): Row {
  return SYSTEM_ROLES.includes(row.system_role) ? row : { ...row, system_role: 'guest' };
}
