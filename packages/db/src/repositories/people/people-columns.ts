import type { Sql } from '../../connection/sql.js';

/** SQL made for the users table as it is found. */
export interface PeopleColumns {
  readonly idType: string;
  /** Whether text can be an id at all; anything else is nobody's id and must not reach a cast. */
  canBeId(text: string): boolean;
  /** Columns of a Person, from `u`. */
  readonly person: string;
  readonly password: string;
  /** The person's organization as JSON, or null. */
  readonly organization: string;
  readonly from: string;
  readonly isActive: string;
}

/** How an id of each type may be written. */
const ID_PATTERNS: Readonly<Record<string, RegExp>> = {
  smallint: /^\d{1,4}$/u,
  integer: /^\d{1,9}$/u,
  bigint: /^\d{1,18}$/u,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/iu,
  text: /^.{1,255}$/su,
  'character varying': /^.{1,255}$/su,
};

const TEXTS = ['company', 'division', 'department', 'avatar_name', 'badge_color'];

interface ColumnRow {
  readonly table: 'users' | 'organizations';
  readonly name: string;
  readonly type: string;
}

/** Looks at the tables once. Throws when there is no users table with an id and an e-mail address. */
export async function readPeopleColumns(sql: Sql): Promise<PeopleColumns> {
  const found = await sql.rows<ColumnRow>(
    `select c.relname as table, a.attname as name, format_type(a.atttypid, null) as type
      from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.oid in (to_regclass('users'), to_regclass('organizations')) and a.attnum > 0 and not a.attisdropped`,
  );
  const users = columnsOf(found, 'users');
  const organizations = columnsOf(found, 'organizations');
  const idType = users.get('id');
  if (!idType || !users.has('email')) throw new Error('The User DB has no table "users" with the columns id and email');
  const pattern = ID_PATTERNS[idType];
  if (!pattern) throw new Error(`The User DB keeps user ids as ${idType}, which is not supported`);

  const text = (name: string) => (users.has(name) ? `u.${name}` : 'null::text');
  const isActive = users.has('is_active') ? 'coalesce(u.is_active, true)' : 'true';
  // The Platform's timestamps may be naive UTC.
  const createdAt = users.get('created_at')?.includes('without time zone')
    ? `u.created_at at time zone 'UTC'`
    : users.has('created_at')
      ? 'u.created_at'
      : `'epoch'::timestamptz`;
  const joined = users.has('organization_id') && organizations.has('id') && organizations.has('name');
  return {
    idType,
    canBeId: (id) => pattern.test(id),
    person: [
      'u.id::text as id',
      'u.email',
      // The address itself is not for everybody.
      `coalesce(nullif(${text('full_name')}, ''), split_part(u.email, '@', 1)) as full_name`,
      ...TEXTS.map((name) => `${text(name)} as ${name}`),
      `${users.has('organization_id') ? 'u.organization_id::text' : 'null::text'} as organization_id`,
      `coalesce(${text('system_role')}::text, 'guest') as system_role`,
      `${isActive} as is_active`,
      `${users.get('session_epoch') === 'integer' ? 'u.session_epoch' : '0'} as session_epoch`,
      `(${createdAt})::timestamptz(3) as created_at`,
    ].join(', '),
    password: `${text('hashed_password')} as hashed_password`,
    organization: joined
      ? `case when o.id is not null then json_build_object('id', o.id::text, 'name', o.name) end as organization`
      : 'null::json as organization',
    from: joined ? 'users u left join organizations o on o.id = u.organization_id' : 'users u',
    isActive,
  };
}

function columnsOf(found: readonly ColumnRow[], table: ColumnRow['table']): Map<string, string> {
  return new Map(found.filter((column) => column.table === table).map(({ name, type }) => [name, type]));
}
