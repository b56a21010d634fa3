import type { DatabaseOptions } from '@labelyard/db';
import { MOVE_SCHEMA } from '../catalog/catalog-sql.js';
import { readCatalog } from '../catalog/read-catalog.js';
import { withSession } from '../session.js';
import { shortName } from '../sql-names.js';
import { readCaptureId } from './capture-schema.js';
import { TRIGGERS_PER_TABLE } from './capture-triggers.js';
import { watchedTables } from './install-capture.js';

export interface CaptureStatus {
  readonly state: 'off' | 'partial' | 'on';
  readonly capture_id: string | null;
  readonly installed_at: string | null;
  /** Tables whose changes are not logged though they should be. */
  readonly missing: readonly string[];
  readonly tables: number;
  /** Entries in the log, and what they take on disk. */
  readonly changes: number;
  readonly bytes: number;
  /** Since when writes are stopped. */
  readonly frozen_at: string | null;
}

/** Whether and since when a database's changes are captured, and whether writes to it are stopped. Changes nothing. */
export async function captureStatus(
  database: DatabaseOptions,
  passing: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<CaptureStatus> {
  return withSession(database, signal, async (session) => {
    const capture_id = await readCaptureId(session);
    if (capture_id === null)
      return {
        state: 'off',
        capture_id,
        installed_at: null,
        missing: [],
        tables: 0,
        changes: 0,
        bytes: 0,
        frozen_at: null,
      };
    const watched = await watchedTables(session);
    const complete = new Set(watched.filter(({ triggers }) => triggers === TRIGGERS_PER_TABLE).map(shortName));
    const missing = (await readCatalog(session)).tables
      .map(shortName)
      .filter((name) => !passing.has(name) && !complete.has(name));
    const row = await session.one<{ installed_at: string; changes: string; bytes: string; frozen_at: string | null }>(
      `select (select installed_at::text from ${MOVE_SCHEMA}.capture), (select count(*) from ${MOVE_SCHEMA}.changes) as changes,
        pg_total_relation_size('${MOVE_SCHEMA}.changes') as bytes, (select frozen_at::text from ${MOVE_SCHEMA}.freeze) as frozen_at`,
    );
    return {
      ...row,
      state: missing.length > 0 ? 'partial' : 'on',
      capture_id,
      missing,
      tables: complete.size,
      changes: Number(row.changes),
      bytes: Number(row.bytes),
    };
  });
}
