import type { Version, VersionCheck } from '@labelyard/contract';
import type { DiffSide, LabelerDb, LabelerTransaction, PageRequest, VersionOptions, VersionRow } from '@labelyard/db';
import { checkVersion, DEFAULT_SHARES, DomainError } from '@labelyard/domain';
import type { StorageDriver } from '@labelyard/storage';
import type { ProjectAuth } from '../auth/auth-context.js';
import type { ProjectEvents } from '../events/project-events.js';
import { changeOnce } from '../idempotency/idempotency-scope.js';
import { enqueue } from '../jobs/task.js';
import type { People } from '../people/people.js';
import { fileName, PUBLISH_VERSION } from './version-job.js';

/** How long a link in an answer works; each answer has a new one. */
const LINK_SECONDS = 3600;

export class VersionsService {
  constructor(
    private readonly db: LabelerDb,
    private readonly storage: StorageDriver,
    private readonly events: ProjectEvents,
    private readonly people: People,
  ) {}

  async check(project_id: number, include_drafts: boolean): Promise<VersionCheck> {
    const shares = (await this.db.versions.shares(project_id)) ?? DEFAULT_SHARES;
    return this.checked(this.db, project_id, { include_drafts, shares });
  }

  /** @throws validation_failed with the problems, when the rules are broken */
  async publish(
    auth: ProjectAuth,
    { note = '', include_drafts = false, shares }: { note?: string | undefined; include_drafts?: boolean | undefined; shares?: VersionOptions['shares'] | undefined }, // prettier-ignore
  ): Promise<Version> {
    const { project_id } = auth.project;
    const people = await this.people.summaries([auth.user.id]);
    return changeOnce(this.db, auth, 202, async (tx) => {
      // Whoever publishes at the same moment waits here, and then is told that a version is under way.
      await tx.sql.run('select from annotation_projects where id = $1 for no key update', [project_id]);
      const options: VersionOptions = {
        include_drafts,
        shares: shares ?? (await tx.versions.shares(project_id)) ?? DEFAULT_SHARES,
      };
      const { problems } = await this.checked(tx, project_id, options);
      const errors = problems.filter(({ severity }) => severity === 'error');
      if (errors.length > 0) {
        const codes = errors.map(({ code }) => code).join(', ');
        throw new DomainError('validation_failed', `The version cannot be published: ${codes}`, { problems });
      }
      const created_by = auth.user.id;
      const row = await tx.versions.create({ project_id, note, options, created_by });
      await enqueue(tx.sql, PUBLISH_VERSION, { version_id: row.id });
      await this.events.publish(tx.sql, project_id, { type: 'version', version_id: row.id });
      return this.toVersion(row, people);
    });
  }

  async list(project_id: number, page: PageRequest): Promise<{ items: Version[]; next_cursor: string | null }> {
    const { items, next_cursor } = await this.db.versions.list(project_id, page);
    const people = await this.people.summaries(items.map(({ created_by }) => created_by));
    return { items: items.map((row) => this.toVersion(row, people)), next_cursor };
  }

  async get(version_id: number): Promise<Version> {
    const row = await this.row(version_id);
    return this.toVersion(row, await this.people.summaries([row.created_by]));
  }

  /** The row first, then the file: what is left in between is a file that nothing names. */
  async remove({ user, project }: ProjectAuth, version_id: number): Promise<void> {
    const { project_id } = project;
    const removed = await this.db.transaction(async (tx) => {
      const row = await tx.versions.get(version_id);
      const deleted = await tx.versions.remove(version_id, user.id);
      if (!row || !deleted) return null;
      await tx.audit.record({
        project_id,
        actor_id: user.id,
        action: 'version.delete',
        subject_type: 'version',
        subject_id: version_id,
        details: { number: row.number, sha256: row.sha256 },
      });
      await this.events.publish(tx.sql, project_id, { type: 'version', version_id });
      return deleted;
    });
    if (!removed) throw notPublished(version_id);
    if (removed.storage_key) await this.storage.delete(removed.storage_key);
  }

  /** @throws not_found for another project's version, validation_failed for one that is not published */
  async sides(project_id: number, version_id: number, other: number | 'working'): Promise<[DiffSide, DiffSide]> {
    await this.published(version_id, project_id);
    if (other === 'working') return [{ version_id }, { working: { project_id } }];
    await this.published(other, project_id);
    return [{ version_id }, { version_id: other }];
  }

  /** @throws not_found, validation_failed */
  async published(version_id: number, project_id: number): Promise<VersionRow> {
    const row = await this.row(version_id);
    if (row.project_id !== project_id) throw missing(version_id);
    if (row.status !== 'published') throw notPublished(version_id);
    return row;
  }

  private async row(version_id: number): Promise<VersionRow> {
    const row = await this.db.versions.get(version_id);
    if (!row) throw missing(version_id);
    return row;
  }

  private async checked(
    db: Pick<LabelerTransaction, 'versions'>,
    project_id: number,
    options: VersionOptions,
  ): Promise<VersionCheck> {
    const counts = await db.versions.counts(project_id);
    const { images, drafts, confirmed, verified } = counts;
    return {
      problems: checkVersion(counts, options),
      images,
      annotations: confirmed + verified + (options.include_drafts ? drafts : 0),
      shares: options.shares,
    };
  }

  private toVersion(row: VersionRow, people: Awaited<ReturnType<People['summaries']>>): Version {
    const { storage_key, deleted_by: _, project_name: __, multipart_upload_id: ___, ...rest } = row;
    const published = row.status === 'published' && storage_key !== null;
    return {
      ...(rest as unknown as Version),
      user: people.get(row.created_by) ?? null,
      download_url: published
        ? this.storage.signGet(storage_key, { expires_in: LINK_SECONDS, download_name: fileName(row) })
        : null,
    };
  }
}

function missing(version_id: number): DomainError {
  return new DomainError('not_found', 'The version does not exist', { version_id });
}

function notPublished(version_id: number): DomainError {
  return new DomainError('validation_failed', 'The version is not published (any more): its content is not there', [
    { path: 'version_id', code: 'not_published', message: `version ${version_id} is not published` },
  ]);
}
