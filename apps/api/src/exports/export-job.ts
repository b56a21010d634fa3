import { exportChoices, type ExportChoices, type ExportReport } from '@labelyard/contract';
import type { ExportFilter, ExportRow, LabelerDb, LabelerTransaction } from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import { exportKey, type StorageDriver } from '@labelyard/storage';
import type { Events } from '../events/events.js';
import type { ProjectEvents } from '../events/project-events.js';
import type { JobHandler, JobRun } from '../jobs/job-registry.js';
import type { LogLine } from '../jobs/queue-log.js';
import type { Task } from '../jobs/task.js';
import { cleanSoon } from './clean-exports-job.js';
import type { ExportContent } from './export-content.js';
import { exportOutput } from './export-output.js';
import { planExport, type ExportPlan } from './export-plan.js';
import { writeObject, type WrittenObject } from './object-writer.js';
import { ProgressMeter } from './progress-meter.js';

export interface ExportPayload {
  readonly export_id: number;
}

export const RUN_EXPORT: Task<ExportPayload> = {
  name: 'exports.run',
  max_attempts: 4,
  key: ({ export_id }) => `exports.run:${export_id}`,
};

export interface ExportJobOptions {
  readonly db: LabelerDb;
  /** Where exports are written to. */
  readonly storage: StorageDriver;
  /** Where pictures are. */
  readonly pictures: StorageDriver;
  readonly events: Events;
  readonly projectEvents: ProjectEvents;
  readonly log: LogLine;
  /** 0 keeps files for ever. */
  readonly retention_days: number;
  /** The state that is exported. */
  readonly open: (filter: ExportFilter) => Promise<ExportContent>;
}

const DAY_MS = 24 * 3_600_000;

class Cancelled extends Error {}

/**
 * Writes an export to the storage while reading the project as it was at one moment. After a crash it begins anew under the
 * same key, ending the upload that was under way; nothing is seen there before the export is whole.
 */
export class ExportJob implements JobHandler<ExportPayload> {
  readonly task = RUN_EXPORT;

  constructor(private readonly options: ExportJobOptions) {}

  async run({ export_id }: ExportPayload, { signal }: JobRun): Promise<void> {
    const { db, storage, log } = this.options;
    const known = await db.exports.get(export_id);
    const project = known && (await db.projects.get(known.project_id));
    if (!known || !project) return;
    const choices = exportChoices.parse(known.options);
    const version = choices.version_id === undefined ? null : await db.versions.get(choices.version_id);
    const plan = planExport(known, choices, version?.task_types ?? project.task_types);
    const key = exportKey(known.project_id, exportFolder(known), plan.file_name);
    const row = await db.exports.start(export_id, key);
    if (!row) return;
    await this.tell(row);
    try {
      if (row.multipart_upload_id) await storage.resumeMultipart(key, row.multipart_upload_id).abort();
      const { written, report } = await this.write(row, { choices, plan, key, signal });
      const completed = await db.exports.complete(export_id, { report, ...written, expires_at: this.expiry() });
      if (!completed) await this.discard(export_id, key);
    } catch (error) {
      if (error instanceof Cancelled) return;
      if (!isFinal(error)) throw error;
      log('error', 'An export failed for good', { export_id, err: error });
      await db.transaction(async (tx) => {
        await tx.exports.fail(export_id, { code: error.code, message: error.message });
        await cleanSoon(tx.sql);
      });
    }
    await this.tell(row);
  }

  async gaveUp(tx: LabelerTransaction, { export_id }: ExportPayload, message: string): Promise<void> {
    const { events, projectEvents } = this.options;
    await tx.exports.fail(export_id, {
      code: 'internal',
      message: `The export was tried ${RUN_EXPORT.max_attempts} times without success (${message}). Start it again later.`,
    });
    await cleanSoon(tx.sql);
    await events.notify(tx.sql, `export:${export_id}`);
    const row = await tx.exports.get(export_id);
    if (row) await projectEvents.publish(tx.sql, row.project_id, { type: 'export', export_id });
  }

  private async write(
    row: ExportRow,
    { choices, plan, key, signal }: { choices: ExportChoices; plan: ExportPlan; key: string; signal: AbortSignal },
  ): Promise<{ written: WrittenObject; report: ExportReport }> {
    const { db, storage, pictures, open } = this.options;
    await using content = await open(plan.filter);
    const { images, annotations } = content.counts;
    // Pictures are rows that weigh more: they are read twice, and fetched.
    const rows = images + annotations + (choices.include_images ? 2 * images : 0);
    const meter = new ProgressMeter(rows, async (progress) => {
      if (!(await db.exports.progress(row.id, progress))) throw new Cancelled();
      await this.tell(row);
    });
    const output = await exportOutput({
      ...{ content, plan, choices, pictures, signal },
      onRows: async (count) => {
        signal.throwIfAborted();
        await meter.advance(count);
      },
    });
    const written = await writeObject(storage, key, output.chunks, {
      content_type: plan.content_type,
      download_name: plan.file_name,
      signal,
      expected_bytes: choices.include_images ? await this.pictureBytes(plan) : 0,
      onUpload: async (upload_id) => {
        if (!(await db.exports.uploading(row.id, upload_id))) throw new Cancelled();
      },
    });
    return { written, report: await output.report() };
  }

  /** Of all pictures of the project or version: of a part of them it takes longer to tell. */
  private async pictureBytes({ filter }: ExportPlan): Promise<number> {
    const forecast = await this.options.db.exports.forecast({ ...filter, annotated_only: false });
    return forecast?.size_bytes ?? 0;
  }

  private expiry(): string | null {
    const { retention_days } = this.options;
    return retention_days === 0 ? null : new Date(Date.now() + retention_days * DAY_MS).toISOString();
  }

  /** Cancelled, or its project deleted, in the last moment: nothing points to the object. */
  private async discard(export_id: number, key: string): Promise<void> {
    const { db, storage } = this.options;
    const row = await db.exports.get(export_id);
    if (row?.status !== 'completed') await storage.delete(key);
  }

  private async tell({ id, project_id }: ExportRow): Promise<void> {
    const { db, events, projectEvents } = this.options;
    await events.notify(db.sql, `export:${id}`);
    await projectEvents.publish(db.sql, project_id, { type: 'export', export_id: id });
  }
}

/** Errors that will be the same next time. */
function isFinal(error: unknown): error is DomainError {
  return error instanceof DomainError && ['not_found', 'validation_failed', 'internal'].includes(error.code);
}

/** Exports of one day are told apart by their id; the day is the one the export was asked for, also when it runs again. */
function exportFolder({ id, created_at }: ExportRow): string {
  return `${created_at.slice(0, 10).replaceAll('-', '')}-${id}`;
}
