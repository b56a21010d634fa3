// The questions to Postgres' catalogue. Each answers one JSON value, so that a whole database is read in a few round trips.

/** Schema in which a move keeps what is its own; no part of what is moved. */
export const MOVE_SCHEMA = 'labelyard_move';

/** The schema is somebody's, not Postgres' or the move's. */
const ours = (namespace: string) =>
  `${namespace}.nspname !~ '^pg_' and ${namespace}.nspname not in ('information_schema', '${MOVE_SCHEMA}')`;

const notOfExtension = (oid: string, catalogue: string) =>
  `not exists (select from pg_depend d where d.classid = '${catalogue}'::regclass and d.objid = ${oid} and d.deptype = 'e')`;

const COLUMNS = `(select coalesce(json_agg(json_build_object(
    'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'not_null', a.attnotnull,
    'default', case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end,
    'identity', case a.attidentity when 'a' then 'always' when 'd' then 'by default' end,
    'generated', case when a.attgenerated <> '' then pg_get_expr(d.adbin, d.adrelid) end, 'virtual', a.attgenerated = 'v',
    'collation', case when a.attcollation <> t.typcollation then
      (select quote_ident(cn.nspname) || '.' || quote_ident(l.collname) from pg_collation l
        join pg_namespace cn on cn.oid = l.collnamespace where l.oid = a.attcollation) end,
    'built_in', a.atttypid < 16384
  ) order by a.attnum), '[]')
  from pg_attribute a join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)`;

const CONSTRAINTS = `(select coalesce(json_agg(json_build_object(
    'name', k.conname, 'validated', k.convalidated, 'definition', regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', ''),
    'kind', case k.contype when 'p' then 'primary key' when 'u' then 'unique' when 'f' then 'foreign key' when 'c' then 'check'
      when 'x' then 'exclude' else 'trigger' end
  ) order by k.conname), '[]') from pg_constraint k where k.conrelid = c.oid and k.contype <> 'n')`;

const INDEXES = `(select coalesce(json_agg(json_build_object(
    'name', ic.relname, 'definition', pg_get_indexdef(i.indexrelid), 'valid', i.indisvalid and i.indisready,
    'constraint', (select k.conname from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
  ) order by ic.relname), '[]') from pg_index i join pg_class ic on ic.oid = i.indexrelid where i.indrelid = c.oid)`;

const TRIGGERS = `(select coalesce(json_agg(json_build_object(
    'name', t.tgname, 'definition', pg_get_triggerdef(t.oid), 'enabled', t.tgenabled) order by t.tgname), '[]')
  from pg_trigger t join pg_proc p on p.oid = t.tgfoid join pg_namespace pn on pn.oid = p.pronamespace
  where t.tgrelid = c.oid and not t.tgisinternal and pn.nspname <> '${MOVE_SCHEMA}')`;

const POLICIES = `(select coalesce(json_agg(json_build_object('name', p.polname, 'definition',
    'for ' || case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end
    || coalesce(' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
    || coalesce(' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')) order by p.polname), '[]')
  from pg_policy p where p.polrelid = c.oid)`;

export const TABLES = `select coalesce(json_agg(json_build_object(
    'schema', n.nspname, 'name', c.relname, 'unlogged', c.relpersistence = 'u', 'options', array_to_string(c.reloptions, ', '),
    'row_security', c.relrowsecurity, 'forced_row_security', c.relforcerowsecurity,
    'row_estimate', c.reltuples::bigint, 'bytes', pg_table_size(c.oid),
    'columns', ${COLUMNS}, 'constraints', ${CONSTRAINTS}, 'indexes', ${INDEXES}, 'triggers', ${TRIGGERS}, 'policies', ${POLICIES},
    'primary_key', (select coalesce(json_agg(a.attname order by p.position), '[]') from pg_constraint k
      cross join unnest(k.conkey) with ordinality as p (attnum, position)
      join pg_attribute a on a.attrelid = c.oid and a.attnum = p.attnum where k.conrelid = c.oid and k.contype = 'p')
  ) order by n.nspname, c.relname), '[]') as answer
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and c.relpersistence <> 't' and ${ours('n')} and ${notOfExtension('c.oid', 'pg_class')}`;

export const SEQUENCES = `select coalesce(json_agg(json_build_object(
    'schema', n.nspname, 'name', c.relname, 'identity', coalesce(d.deptype = 'i', false),
    'definition', format('as %s increment by %s minvalue %s maxvalue %s start with %s cache %s%s', format_type(s.seqtypid, null),
      s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache, case when s.seqcycle then ' cycle' else ' no cycle' end),
    'owner', case when d.refobjid is not null then json_build_object('schema', tn.nspname, 'table', t.relname, 'column', a.attname) end
  ) order by n.nspname, c.relname), '[]') as answer
  from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_sequence s on s.seqrelid = c.oid
  left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass
    and d.deptype in ('a', 'i') and d.refobjsubid > 0
  left join pg_class t on t.oid = d.refobjid left join pg_namespace tn on tn.oid = t.relnamespace
  left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
  where c.relkind = 'S' and c.relpersistence <> 't' and ${ours('n')} and ${notOfExtension('c.oid', 'pg_class')}`;

export const OBJECTS = `select coalesce(json_agg(o order by o.kind, o.name), '[]') as answer from (
  select case p.prokind when 'p' then 'procedure' else 'function' end as kind, p.oid::regprocedure::text as name,
    pg_get_functiondef(p.oid) as definition
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where p.prokind in ('f', 'p') and ${ours('n')} and ${notOfExtension('p.oid', 'pg_proc')}
  union all
  select case c.relkind when 'v' then 'view' else 'materialized view' end, quote_ident(n.nspname) || '.' || quote_ident(c.relname),
    format('create %s %I.%I as %s', case c.relkind when 'v' then 'view' else 'materialized view' end, n.nspname, c.relname,
      pg_get_viewdef(c.oid))
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('v', 'm') and ${ours('n')} and ${notOfExtension('c.oid', 'pg_class')}
  union all
  select 'type', quote_ident(n.nspname) || '.' || quote_ident(t.typname), format('create type %I.%I as enum (%s)', n.nspname, t.typname,
    (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid))
  from pg_type t join pg_namespace n on n.oid = t.typnamespace
  where t.typtype = 'e' and ${ours('n')} and ${notOfExtension('t.oid', 'pg_type')}
  union all
  select 'type', quote_ident(n.nspname) || '.' || quote_ident(c.relname), format('create type %I.%I as (%s)', n.nspname, c.relname,
    (select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum)
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped))
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'c' and ${ours('n')} and ${notOfExtension('c.reltype', 'pg_type')}
  union all
  select 'domain', quote_ident(n.nspname) || '.' || quote_ident(t.typname), format('create domain %I.%I as %s%s%s%s', n.nspname, t.typname,
    format_type(t.typbasetype, t.typtypmod), coalesce(' default ' || t.typdefault, ''), case when t.typnotnull then ' not null' else '' end,
    coalesce((select string_agg(format(' constraint %I %s', k.conname, pg_get_constraintdef(k.oid)), '' order by k.conname)
      from pg_constraint k where k.contypid = t.oid and k.contype = 'c'), ''))
  from pg_type t join pg_namespace n on n.oid = t.typnamespace
  where t.typtype = 'd' and ${ours('n')} and ${notOfExtension('t.oid', 'pg_type')}
) o`;

export const WHOLE = `select json_build_object(
    'server_version', current_setting('server_version_num')::integer,
    'encoding', pg_encoding_to_char(b.encoding), 'collation', b.datcollate,
    'extensions', (select coalesce(json_agg(json_build_object('name', e.extname, 'version', e.extversion, 'schema', n.nspname)
      order by e.extname), '[]') from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname <> 'plpgsql'),
    'schemas', (select coalesce(json_agg(n.nspname order by n.nspname), '[]') from pg_namespace n
      where ${ours('n')} and ${notOfExtension('n.oid', 'pg_namespace')}),
    'unusual', (select coalesce(json_agg(u.says order by u.says), '[]') from (
      select case c.relkind when 'p' then 'partitioned table ' when 'f' then 'foreign table ' else 'inherited table ' end
          || c.oid::regclass as says
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where ${ours('n')} and (c.relkind in ('p', 'f') or (c.relkind = 'r' and exists (select from pg_inherits h where h.inhrelid = c.oid)))
      union all select 'aggregate ' || p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where p.prokind in ('a', 'w') and ${ours('n')} and ${notOfExtension('p.oid', 'pg_proc')}
      union all select 'rule ' || r.rulename || ' on ' || r.ev_class::regclass from pg_rewrite r
        join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
        where r.rulename <> '_RETURN' and ${ours('n')}
      union all select 'event trigger ' || evtname from pg_event_trigger
      union all select 'large objects: ' || count(*) from pg_largeobject_metadata having count(*) > 0
    ) u)
  ) as answer from pg_database b where b.datname = current_database()`;
