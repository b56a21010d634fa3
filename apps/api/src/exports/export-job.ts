import { basename } from 'node:path/posix';
import type { ExportRow, LabelerDb, LabelerTransaction } from '@labelyard/db';
import { DomainError, type AnnotationState, type TaskType } from '@labelyard/domain';
import { FORMAT_WRITERS, type ExportRun, type WritableFormat } from '@labelyard/formats';
import { exportFileName, exportKey, type StorageDriver } from '@labelyard/storage';
import type { Events } from '../events/events.js';
import type { ProjectEvents } from '../events/project-events.js';
import type { JobHandler, JobRun } from '../jobs/job-registry.js';
import type { LogLine } from '../jobs/queue-log.js';
import type { Task } from '../jobs/task.js';
import { exportSource } from './export-source.js';
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

/** What `options` of an export row holds. */
export interface ExportChoices {
  readonly task_type?: TaskType;
  readonly states?: readonly AnnotationState[];
}

class Cancelled extends Error {}

/**
 * Writes an export to the storage while reading the project as it was at one moment. After a crash it begins anew under the
 * same key; nothing is seen there before the export is whole.
 */
export class ExportJob implements JobHandler<ExportPayload> {
  readonly task = RUN_EXPORT;

  constructor(
    private readonly db: LabelerDb,
    private readonly storage: StorageDriver,
    private readonly events: Events,
    private readonly projectEvents: ProjectEvents,
    private readonly log: LogLine,
  ) {}

  async run({ export_id }: ExportPayload, { signal }: JobRun): Promise<void> {
    const row = await this.db.exports.start(export_id);
    if (!row) return;
    await this.tell(row);
    const key = exportKey(row.project_id, exportFolder(row), fileName(row));
    try {
      const { written, report } = await this.write(row, key, signal);
      const completed = await this.db.exports.complete(export_id, { storage_key: key, report, ...written });
      if (!completed) await this.discard(export_id, key);
    } catch (error) {
      if (error instanceof Cancelled) return;
      if (!isFinal(error)) throw error;
      this.log('error', 'An export failed for good', { export_id, err: error });
      await this.db.exports.fail(export_id, { code: error.code, message: error.message });
    }
    await this.tell(row);
  }

  async gaveUp(tx: LabelerTransaction, { export_id }: ExportPayload, message: string): Promise<void> {
    await tx.exports.fail(export_id, {
      code: 'internal',
      message: `The export was tried ${RUN_EXPORT.max_attempts} times without success (${message}). Start it again later.`,
    });
    await this.events.notify(tx.sql, `export:${export_id}`);
    const row = await tx.exports.get(export_id);
    if (row) await this.projectEvents.publish(tx.sql, row.project_id, { type: 'export', export_id });
  }

  private async write(
    row: ExportRow,
    key: string,
    signal: AbortSignal,
  ): Promise<{ written: WrittenObject; report: ReturnType<ExportRun['report']> }> {
    const { task_type, states } = row.options as ExportChoices;
    const task_types = task_type && [task_type];
    await using snapshot = await this.db.openExport({ project_id: row.project_id, task_types, states });
    const { images, annotations } = snapshot.counts;
    const meter = new ProgressMeter(images + annotations, async (progress) => {
      if (!(await this.db.exports.progress(row.id, progress))) throw new Cancelled();
      await this.tell(row);
    });
    const source = exportSource(snapshot, task_types, async (count) => {
      signal.throwIfAborted();
      await meter.advance(count);
    });
    const run = FORMAT_WRITERS[row.format as WritableFormat](source);
    let written: WrittenObject | null = null;
    for await (const file of run.files) {
      if (written) throw new DomainError('internal', `The format ${row.format} has several files and needs an archive`);
      written = await writeObject(this.storage, key, file.chunks, {
        content_type: 'application/json',
        download_name: basename(key),
        signal,
      });
    }
    if (!written) throw new DomainError('internal', `The format ${row.format} wrote no file`);
    return { written, report: run.report() };
  }

  /** Cancelled, or its project deleted, in the last moment: nothing points to the object. */
  private async discard(export_id: number, key: string): Promise<void> {
    const row = await this.db.exports.get(export_id);
    if (row?.status !== 'completed') await this.storage.delete(key);
  }

  private async tell({ id, project_id }: ExportRow): Promise<void> {
    await this.events.notify(this.db.sql, `export:${id}`);
    await this.projectEvents.publish(this.db.sql, project_id, { type: 'export', export_id: id });
  }
}

/** Errors that will be the same next time. */
function isFinal(error: unknown): error is DomainError {
  return error instanceof DomainError && ['not_found', 'validation_failed', 'internal'].includes(error.code);
}

/** The day the export was asked for, also when it runs later or again: a restart after midnight writes the same key. */
function exportFolder({ id, created_at }: ExportRow): string {
  return `${created_at.slice(0, 10).replaceAll('-', '')}-${id}`;
}

export function fileName({ format, created_at }: Pick<ExportRow, 'format' | 'created_at'>): string {
  return exportFileName(format as WritableFormat, new Date(created_at));
}
