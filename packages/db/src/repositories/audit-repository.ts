import type { Connection } from '../connection/sql.js';

export interface AuditEntry {
  readonly project_id: number | null;
  /** Null for what the system does by itself. */
  readonly actor_id: string | null;
  readonly actor_kind?: 'user' | 'service_token' | 'system';
  /** What was done, named like an endpoint: `member.add`, `task.assign`. */
  readonly action: string;
  readonly outcome?: 'done' | 'denied';
  readonly subject_type?: string;
  readonly subject_id?: string | number;
  /** What changed, before and after. No secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly request_id?: string | null;
}

/** The log of who did what. Entries are written in the transaction that does it and never changed. */
export class AuditRepository {
  constructor(private readonly connection: Connection) {}

  async record(entry: AuditEntry): Promise<void> {
    const { subject_id } = entry;
    await this.connection.hot(
      `insert into audit_log
          (project_id, actor_id, actor_kind, action, outcome, subject_type, subject_id, details, request_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        entry.project_id,
        entry.actor_id,
        entry.actor_kind ?? (entry.actor_id === null ? 'system' : 'user'),
        entry.action,
        entry.outcome ?? 'done',
        entry.subject_type ?? null,
        subject_id === undefined ? null : String(subject_id),
        JSON.stringify(entry.details ?? {}),
        entry.request_id ?? null,
      ],
    );
  }
}
