import type { Connection } from '../connection/sql.js';

export interface MaintenanceState {
  readonly started_at: string;
  /** For people, as it was typed. */
  readonly reason: string;
  readonly expected_end: string | null;
  /** A person's id, or the name of the tool that began it. */
  readonly started_by: string;
}

export interface MaintenanceStart {
  readonly reason: string;
  /** ISO 8601; null when nobody knows. */
  readonly expected_end: string | null;
  readonly started_by: string;
}

const COLUMNS = 'started_at, reason, expected_end, started_by';

/** Whether the installation is read-only for now, and why. Every change is told to all API processes by the table itself. */
export class MaintenanceRepository {
  constructor(private readonly connection: Connection) {}

  /** Null: not in maintenance. */
  state(): Promise<MaintenanceState | null> {
    return this.connection.one<MaintenanceState>(`select ${COLUMNS} from maintenance`);
  }

  /** Begins maintenance. Where it is on already, reason and expected end are replaced; it began when it did, by whom it did. */
  async begin({ reason, expected_end, started_by }: MaintenanceStart): Promise<MaintenanceState> {
    const state = await this.connection.one<MaintenanceState>(
      `insert into maintenance (reason, expected_end, started_by) values ($1, $2, $3)
        on conflict (only_row) do update set reason = excluded.reason, expected_end = excluded.expected_end
        returning ${COLUMNS}`,
      [reason, expected_end, started_by],
    );
    return state as MaintenanceState;
  }

  /** Ends it; answers what it was, null when it was not on. */
  end(): Promise<MaintenanceState | null> {
    return this.connection.one<MaintenanceState>(`delete from maintenance returning ${COLUMNS}`);
  }
}
