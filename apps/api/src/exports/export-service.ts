import { basename } from 'node:path/posix';
import type { ExportJob as ExportAnswer } from '@labelyard/contract';
import type { ExportRow, ExportStatus, LabelerDb, PageRequest, TransactionOptions } from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import type { StorageDriver } from '@labelyard/storage';
import type { Events } from '../events/events.js';
import type { ProjectEvents } from '../events/project-events.js';
import { enqueue } from '../jobs/task.js';
import { RUN_EXPORT, type ExportChoices } from './export-job.js';

/** How long a link in an answer works; each answer has a new one. */
const LINK_SECONDS = 3600;
/** An event may be missed while the database session is re-established. */
const LOOK_AGAIN_MS = 2_000;

const FINISHED: readonly ExportStatus[] = ['completed', 'failed', 'cancelled'];

export class ExportService {
  constructor(
    private readonly db: LabelerDb,
    private readonly storage: StorageDriver,
    private readonly events: Events,
    private readonly projectEvents: ProjectEvents,
  ) {}

  /** Row and job in one transaction. */
  async create(
    user_id: string,
    { project_id, format, choices }: { project_id: number; format: string; choices: ExportChoices },
    options?: TransactionOptions,
  ): Promise<ExportAnswer> {
    const row = await this.db.transaction(async (tx) => {
      const created = await tx.exports.create({ project_id, format, options: { ...choices }, created_by: user_id });
      await enqueue(tx.sql, RUN_EXPORT, { export_id: created.id });
      await this.projectEvents.publish(tx.sql, project_id, { type: 'export', export_id: created.id });
      await tx.audit.record({
        project_id,
        actor_id: user_id,
        action: 'export.create',
        subject_type: 'export',
        subject_id: created.id,
        details: { format, ...choices },
      });
      return created;
    }, options);
    return this.toAnswer(row);
  }

  /** The export as it is when it ends, or when the time is over or the caller is gone. */
  async wait(export_id: number, wait_ms: number, gone: AbortSignal): Promise<ExportAnswer> {
    const deadline = Date.now() + wait_ms;
    const bell = new Bell();
    const unsubscribe = this.events.subscribe(`export:${export_id}`, () => bell.ring());
    gone.addEventListener('abort', () => bell.ring(), { once: true });
    try {
      for (;;) {
        const answer = await this.get(export_id);
        const left = deadline - Date.now();
        if (FINISHED.includes(answer.status) || left <= 0 || gone.aborted) return answer;
        await bell.heard(Math.min(left, LOOK_AGAIN_MS));
      }
    } finally {
      unsubscribe();
    }
  }

  async get(export_id: number): Promise<ExportAnswer> {
    const row = await this.db.exports.get(export_id);
    if (!row) throw new DomainError('not_found', 'The export does not exist', { export_id });
    return this.toAnswer(row);
  }

  async list(project_id: number, page: PageRequest): Promise<{ items: ExportAnswer[]; next_cursor: string | null }> {
    const { items, next_cursor } = await this.db.exports.list(project_id, page);
    return { items: items.map((row) => this.toAnswer(row)), next_cursor };
  }

  private toAnswer({ storage_key, expires_at: _, ...row }: ExportRow): ExportAnswer {
    return {
      ...(row as unknown as ExportAnswer),
      key: storage_key,
      download_url:
        storage_key && row.status === 'completed'
          ? this.storage.signGet(storage_key, { expires_in: LINK_SECONDS, download_name: basename(storage_key) })
          : null,
    };
  }
}

/** Wakes one waiter; a ring before the wait begins counts. */
class Bell {
  private rung = false;
  private wake: (() => void) | null = null;

  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  async heard(at_most_ms: number): Promise<void> {
    if (!this.rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, at_most_ms);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.rung = false;
    this.wake = null;
  }
}
