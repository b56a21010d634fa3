import type { LabelerDb, LabelerTransaction, VersionManifest, VersionRow } from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import { writeDice } from '@labelyard/formats';
import { exportKey, type StorageDriver } from '@labelyard/storage';
import type { ProjectEvents } from '../events/project-events.js';
import { writeObject, type WrittenObject } from '../exports/object-writer.js';
import { ProgressMeter } from '../exports/progress-meter.js';
import type { JobHandler, JobRun } from '../jobs/job-registry.js';
import type { LogLine } from '../jobs/queue-log.js';
import type { Task } from '../jobs/task.js';
import { versionSource, type VersionTally } from './version-source.js';

export interface VersionPayload {
  readonly version_id: number;
}

export const PUBLISH_VERSION: Task<VersionPayload> = {
  name: 'versions.publish',
  max_attempts: 4,
  key: ({ version_id }) => `versions.publish:${version_id}`,
};

class Stopped extends Error {}

/**
 * Publishes in steps that each leave a whole state: freeze (one statement), write the file beside everything that is published, and only
 * then, in one statement, become the latest version. A worker that dies in between leaves a version that nobody sees as published; the
 * next one writes the same bytes under the same key again.
 */
export class VersionJob implements JobHandler<VersionPayload> {
  readonly task = PUBLISH_VERSION;

  constructor(
    private readonly db: LabelerDb,
    private readonly storage: StorageDriver,
    private readonly events: ProjectEvents,
    private readonly log: LogLine,
  ) {}

  async run({ version_id }: VersionPayload, { signal }: JobRun): Promise<void> {
    const row = await this.db.versions.freeze(version_id);
    if (!row) return;
    await this.tell(this.db, row);
    const storage_key = keyOf(row);
    try {
      if (row.multipart_upload_id) await this.storage.resumeMultipart(storage_key, row.multipart_upload_id).abort();
      const { written, manifest } = await this.write(row, storage_key, signal);
      await this.db.transaction(async (tx) => {
        if (!(await tx.versions.publish(row.id, { storage_key, manifest, ...written }))) throw new Stopped();
        const { project_id, created_by: actor_id, number } = row;
        await tx.audit.record({
          project_id,
          actor_id,
          action: 'version.publish',
          subject_type: 'version',
          subject_id: row.id,
          details: { number, sha256: written.sha256, count: manifest.counts.annotations },
        });
        await this.tell(tx, row);
      });
    } catch (error) {
      if (error instanceof Stopped) return;
      if (!(error instanceof DomainError) || !['not_found', 'validation_failed'].includes(error.code)) throw error;
      this.log('error', 'A version could not be published', { version_id, err: error });
      await this.db.versions.fail(version_id, { code: error.code, message: error.message });
      await this.storage.delete(storage_key);
      await this.tell(this.db, row);
    }
  }

  async gaveUp(tx: LabelerTransaction, { version_id }: VersionPayload, message: string): Promise<void> {
    await tx.versions.fail(version_id, {
      code: 'internal',
      message: `Publishing was tried ${PUBLISH_VERSION.max_attempts} times without success (${message}). Publish again later.`,
    });
    const row = await tx.versions.get(version_id);
    if (row) await this.tell(tx, row);
  }

  private async write(
    row: VersionRow,
    key: string,
    signal: AbortSignal,
  ): Promise<{ written: WrittenObject; manifest: VersionManifest }> {
    const project = await this.db.projects.get(row.project_id);
    if (!project) throw new DomainError('not_found', 'The dataset was deleted', { project_id: row.project_id });
    const [classes, size] = await Promise.all([this.db.versions.classes(row.id), this.db.versions.size(row.id)]);
    const meter = new ProgressMeter(size.images + size.annotations, async (progress) => {
      if (!(await this.db.versions.progress(row.id, progress))) throw new Stopped();
      await this.tell(this.db, row);
    });
    const tally: VersionTally = { by_kind: {}, by_state: {}, by_split: {} };
    const onRows = async (count: number) => {
      signal.throwIfAborted();
      await meter.advance(count);
    };
    const run = writeDice(versionSource(this.db, row, project, classes, onRows, tally));
    let written: WrittenObject | null = null;
    for await (const { chunks } of run.files) {
      written = await writeObject(this.storage, key, chunks, {
        content_type: 'application/json',
        download_name: fileName(row),
        signal,
        onUpload: async (upload_id) => {
          if (!(await this.db.versions.uploading(row.id, upload_id))) throw new Stopped();
        },
      });
    }
    if (!written) throw new Error('DICE wrote no file');
    const { dropped, counts } = run.report();
    if (dropped.length > 0) {
      const named = dropped.map(({ count, reason }) => `${count}: ${reason}`).join(' ');
      throw new DomainError('validation_failed', `A version must hold everything, but some would be missing. ${named}`);
    }
    return { written, manifest: { format: 'dice', format_version: '1.0', counts: { ...counts, ...tally } } };
  }

  private async tell({ sql }: Pick<LabelerDb, 'sql'>, { id, project_id }: VersionRow): Promise<void> {
    await this.events.publish(sql, project_id, { type: 'version', version_id: id });
  }
}

/** `dice_v3.json` */
export function fileName({ number }: Pick<VersionRow, 'number'>): string {
  return `dice_v${number}.json`;
}

/** Of this attempt at this number and of no other: a failed one leaves nothing that the next could be taken for. */
function keyOf(row: VersionRow): string {
  return exportKey(row.project_id, `v${row.number}-${row.id}`, fileName(row));
}
