import { serviceTokenId } from '@labelyard/domain';
import type { Connection } from '../connection/sql.js';
import { RETENTION_SETTING } from '../migrations/labeler/11-history.js';
import { decodeCursor, encodeCursor, type Page, pageOf, type PageRequest } from './paging.js';
import { type AccessSubject, projectOfSubject } from './project/project-repository.js';

export type ActorKind = 'user' | 'service_token' | 'system';

export interface AuditEntry {
  readonly project_id: number | null;
  /** Null for what the system does by itself. */
  readonly actor_id: string | null;
  readonly actor_kind?: ActorKind;
  /** What was done, named like an endpoint: `member.add`, `task.assign`. */
  readonly action: string;
  readonly outcome?: 'done' | 'denied';
  readonly subject_type?: string;
  readonly subject_id?: string | number;
  /** What changed, before and after. No secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** That of the request being served when not given. */
  readonly request_id?: string | null;
}

/** An entry written after the fact. `subject`: what the caller wanted to get at, where it is not known to them. */
export interface LateEntry extends AuditEntry {
  readonly happened_at: string;
  readonly subject?: AccessSubject;
}

export interface AuditRow {
  readonly id: number;
  readonly happened_at: string;
  readonly project_id: number | null;
  readonly actor_id: string | null;
  readonly actor_kind: ActorKind;
  readonly action: string;
  readonly outcome: 'done' | 'denied';
  readonly subject_type: string | null;
  readonly subject_id: string | null;
  readonly details: Record<string, unknown>;
  readonly request_id: string | null;
}

export interface AuditFilter {
  /** Only of this project. */
  readonly project_id?: number | undefined;
  readonly actor_id?: string | undefined;
  /** A whole action, or its begin: `member` finds `member.add`. */
  readonly action?: string | undefined;
  readonly outcome?: 'done' | 'denied' | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

const ORDER = 'audit';

/** The log of who did what. Entries are written in the transaction that does it and never changed. */
export class AuditRepository {
  constructor(
    private readonly connection: Connection,
    private readonly requestId: () => string | null = () => null,
  ) {}

  async record(entry: AuditEntry): Promise<void> {
    const { subject_id } = entry;
    await this.connection.hot(
      `insert into audit_log
          (project_id, actor_id, actor_kind, action, outcome, subject_type, subject_id, details, request_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        entry.project_id,
        entry.actor_id,
        kindOf(entry),
        entry.action,
        entry.outcome ?? 'done',
        entry.subject_type ?? null,
        subject_id === undefined ? null : String(subject_id),
        JSON.stringify(entry.details ?? {}),
        entry.request_id === undefined ? this.requestId() : entry.request_id,
      ],
    );
  }

  /** The same deed in many projects, in one statement. */
  async recordInEach(
    entry: Omit<AuditEntry, 'project_id' | 'details'>,
    details: readonly { readonly project_id: number; readonly details: Readonly<Record<string, unknown>> }[],
  ): Promise<void> {
    const { subject_id } = entry;
    await this.connection.hot(
      `insert into audit_log
          (project_id, actor_id, actor_kind, action, outcome, subject_type, subject_id, details, request_id)
        select x.project_id, $2, $3, $4, $5, $6, $7, x.details, $8
        from jsonb_to_recordset($1) as x (project_id bigint, details jsonb) order by x.project_id`,
      [
        JSON.stringify(details),
        entry.actor_id,
        kindOf(entry),
        entry.action,
        entry.outcome ?? 'done',
        entry.subject_type ?? null,
        subject_id === undefined ? null : String(subject_id),
        entry.request_id === undefined ? this.requestId() : entry.request_id,
      ],
    );
  }

  /**
   * Many entries of what was refused or looked at, in one statement. One that names a `subject` is only written when that
   * exists: asking for something that is not there is no attempt at anything. Its project comes from the subject.
   */
  async recordLate(entries: readonly LateEntry[]): Promise<void> {
    const rows = entries.map((entry) => {
      const [kind, id] = Object.entries(entry.subject ?? {})[0] ?? [null, null];
      return {
        happened_at: entry.happened_at,
        project_id: entry.project_id,
        actor_id: entry.actor_id,
        actor_kind: kindOf(entry),
        action: entry.action,
        outcome: entry.outcome ?? 'done',
        subject_type: entry.subject_type ?? kind?.replace('_id', '') ?? null,
        subject_id: entry.subject_id === undefined ? (id === null ? null : String(id)) : String(entry.subject_id),
        details: entry.details ?? {},
        request_id: entry.request_id ?? null,
        wanted: kind,
        wanted_id: id,
      };
    });
    await this.connection.rows(
      `insert into audit_log
          (happened_at, project_id, actor_id, actor_kind, action, outcome, subject_type, subject_id, details, request_id)
        select x.happened_at, coalesce(p.id, x.project_id), x.actor_id, x.actor_kind, x.action, x.outcome, x.subject_type,
          x.subject_id, x.details, x.request_id
        from jsonb_to_recordset($1) as x (happened_at timestamptz, project_id bigint, actor_id text, actor_kind text, action text,
          outcome text, subject_type text, subject_id text, details jsonb, request_id text, wanted text, wanted_id bigint)
        left join lateral (${projectOfSubject('x.wanted', 'x.wanted_id')}) p on true
        where x.wanted is null or p.id is not null
        order by x.happened_at`,
      [JSON.stringify(rows)],
    );
  }

  /** Newest first. */
  async list(filter: AuditFilter, { limit, cursor }: PageRequest): Promise<Page<AuditRow>> {
    const before = decodeCursor<[string, number]>(ORDER, ['string', 'number'], cursor);
    const values: unknown[] = [limit + 1];
    const conditions = ['true'];
    const add = (comparison: string, value: unknown, after = '') => {
      if (value === undefined) return;
      values.push(value);
      conditions.push(`${comparison} $${values.length}${after}`);
    };
    add('project_id =', filter.project_id);
    add('actor_id =', filter.actor_id);
    add('outcome =', filter.outcome);
    add('happened_at >=', filter.since);
    add('happened_at <', filter.until);
    if (filter.action !== undefined) add('action like', `${filter.action.replace(/[\\%_]/gu, '\\$&')}%`);
    if (before) {
      values.push(...before);
      conditions.push(`(happened_at, id) < ($${values.length - 1}::timestamptz, $${values.length})`);
    }
    const rows = await this.connection.rows<AuditRow>(
      `select id, happened_at, project_id, actor_id, actor_kind, action, outcome, subject_type, subject_id, details, request_id
        from audit_log where ${conditions.join(' and ')} order by happened_at desc, id desc limit $1`,
      values,
    );
    return pageOf(rows, limit, (last) => encodeCursor(ORDER, [last.happened_at, last.id]));
  }

  /** Takes away at most `batch` entries older than `before`; answers how many. The only way an entry ever goes. */
  prune(before: string, batch = 5_000): Promise<number> {
    return this.connection.atomic(async (transaction) => {
      await transaction.rows(`select set_config($1, 'on', true)`, [RETENTION_SETTING]);
      return transaction.run(
        `delete from audit_log where id in (
          select id from audit_log where happened_at < $1 order by happened_at, id limit $2
        )`,
        [before, batch],
      );
    });
  }
}

function kindOf({ actor_kind, actor_id }: Pick<AuditEntry, 'actor_kind' | 'actor_id'>): ActorKind {
  if (actor_kind) return actor_kind;
  if (actor_id === null) return 'system';
  return serviceTokenId(actor_id) === null ? 'user' : 'service_token';
}
