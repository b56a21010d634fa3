import { type Annotation, DomainError, type VersionCounts } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { decodeCursor, encodeCursor, type Page, pageOf, type PageRequest } from '../paging.js';
import { STATUS_COUNTS } from '../project/status-counts.js';
import { versionAnnotations, versionImages } from './version-content.js';
import { diffSummary, imageDiff, listDiff, type DiffImage, type DiffSide, type DiffSummary } from './version-diff.js';
import {
  type FrozenClass,
  VERSION_COLUMNS,
  type VersionImageRow,
  type VersionManifest,
  type VersionOptions,
  type VersionRow,
} from './version-row.js';

const ORDER = 'published_versions';

/** Published snapshots of a project. */
export class VersionRepository {
  constructor(private readonly connection: Connection) {}

  /** What publishing is decided by. Counters, not rows. */
  async counts(project_id: number): Promise<VersionCounts> {
    const row = await this.connection.one<VersionCounts>(
      `select d.image_count as images, s.drafts, s.confirmed, s.verified, s.rejected,
          (select coalesce(sum(c.image_count), 0)::bigint from ${STATUS_COUNTS} c where c.project_id = p.id
            and c.task_type = 'overall' and c.status in ('not_started', 'in_progress', 'rejected')) as unfinished_images,
          exists (select from annotation_versions v where v.project_id = p.id and v.status in ('queued', 'building')) as under_way,
          (select count(*) from (
            select from annotation_history h
            where h.project_id = p.id and h.changed_at > l.frozen_at limit 1000) newer) as changes,
          l.frozen_at
        from annotation_projects p join datasets d on d.id = p.dataset_id
        cross join lateral (
          select coalesce(sum(draft_count), 0)::bigint as drafts, coalesce(sum(confirmed_count), 0)::bigint as confirmed,
            coalesce(sum(verified_count), 0)::bigint as verified, coalesce(sum(rejected_count), 0)::bigint as rejected
          from image_statuses where project_id = p.id) s
        left join lateral (select frozen_at from annotation_versions v where v.project_id = p.id and v.status = 'published'
          order by v.number desc limit 1) l on true
        where p.id = $1`,
      [project_id],
    );
    if (!row) throw new DomainError('not_found', 'The project does not exist any more', { project_id });
    const { changes, frozen_at, ...counts } = row as VersionCounts & { changes: number; frozen_at: string | null };
    return { ...counts, changes_since: frozen_at === null ? null : changes };
  }

  /** Shares as they were last chosen in the project. */
  async shares(project_id: number): Promise<VersionOptions['shares'] | null> {
    const row = await this.connection.one<{ shares: VersionOptions['shares'] | null }>(
      `select settings->'shares' as shares from annotation_projects where id = $1`,
      [project_id],
    );
    return row?.shares ?? null;
  }

  /**
   * The next version of the project, to be made by a job; remembers its shares. Call it in a transaction: the project's row is held, so
   * that what was counted before stays true for whoever else publishes.
   */
  async create(values: {
    readonly project_id: number;
    readonly note: string;
    readonly options: VersionOptions;
    readonly created_by: string;
  }): Promise<VersionRow> {
    const { project_id, note, options, created_by } = values;
    await this.connection.run(
      `update annotation_projects set settings = settings || jsonb_build_object('shares', $2::jsonb) where id = $1`,
      [project_id, JSON.stringify(options.shares)],
    );
    const row = await this.connection.one<VersionRow>(
      `insert into annotation_versions as v (project_id, number, note, options, created_by)
        select $1, coalesce(max(number), 0) + 1, $2, $3, $4 from annotation_versions
          where project_id = $1 and status <> 'failed'
        returning ${VERSION_COLUMNS}`,
      [project_id, note, JSON.stringify(options), created_by],
    );
    return row as VersionRow;
  }

  get(version_id: number): Promise<VersionRow | null> {
    return this.connection.one(`select ${VERSION_COLUMNS} from annotation_versions v where v.id = $1`, [version_id]);
  }

  /** Newest first. */
  async list(project_id: number, { limit, cursor }: PageRequest): Promise<Page<VersionRow>> {
    const before = decodeCursor<[number]>(ORDER, ['number'], cursor);
    const rows = await this.connection.rows<VersionRow>(
      `select ${VERSION_COLUMNS} from annotation_versions v
        where v.project_id = $1 and ($2::bigint is null or v.id < $2) order by v.id desc limit $3`,
      [project_id, before?.[0] ?? null, limit + 1],
    );
    return pageOf(rows, limit, (last) => encodeCursor(ORDER, [last.id]));
  }

  /**
   * Takes hold of what the project is at this moment, all of it in one statement and so of one moment; a version that has hold of it
   * already, when a worker died, keeps it. Null when there is nothing to make.
   */
  freeze(version_id: number): Promise<VersionRow | null> {
    return this.connection.atomic(async (transaction) => {
      const row = await transaction.one<VersionRow>(
        `update annotation_versions v set status = 'building' where id = $1 and status in ('queued', 'building')
          returning ${VERSION_COLUMNS}`,
        [version_id],
      );
      if (!row || row.frozen_at !== null) return row;
      return transaction.one<VersionRow>(FREEZE, [version_id, row.project_id, row.options.include_drafts]);
    });
  }

  async classes(version_id: number): Promise<FrozenClass[]> {
    const row = await this.connection.one<{ classes: FrozenClass[] | null }>(
      `select classes from annotation_versions where id = $1`,
      [version_id],
    );
    return row?.classes ?? [];
  }

  images(version_id: number): AsyncIterable<VersionImageRow[]> {
    return versionImages(this.connection, version_id);
  }

  annotations(version_id: number): AsyncIterable<Annotation[]> {
    return versionAnnotations(this.connection, version_id);
  }

  async size(version_id: number): Promise<{ images: number; annotations: number }> {
    const row = await this.connection.one<{ images: number; annotations: number }>(
      `select count(*) as images, coalesce(sum(cardinality(annotation_ids)), 0)::bigint as annotations
        from version_images where version_id = $1`,
      [version_id],
    );
    return row ?? { images: 0, annotations: 0 };
  }

  /** False when it is not being made any more. */
  progress(version_id: number, progress: number): Promise<boolean> {
    return this.changed(`update annotation_versions set progress = $2 where id = $1 and status = 'building'`, [
      version_id,
      progress,
    ]);
  }

  /** False when it is not being made any more. */
  uploading(version_id: number, multipart_upload_id: string): Promise<boolean> {
    return this.changed(
      `update annotation_versions set multipart_upload_id = $2 where id = $1 and status = 'building'`,
      [version_id, multipart_upload_id],
    );
  }

  /** One statement: from here on it is the latest, and before it was not there for anybody. */
  publish(
    version_id: number,
    result: { storage_key: string; size_bytes: number; sha256: string; manifest: VersionManifest },
  ): Promise<boolean> {
    return this.changed(
      `update annotation_versions set status = 'published', progress = 1, published_at = now(), storage_key = $2, size_bytes = $3,
          sha256 = $4, manifest = $5, multipart_upload_id = null where id = $1 and status = 'building'`,
      [version_id, result.storage_key, result.size_bytes, result.sha256, JSON.stringify(result.manifest)],
    );
  }

  /** Leaves the row to tell why, and nothing of its content. */
  async fail(version_id: number, error: { code: string; message: string }): Promise<boolean> {
    const failed = await this.changed(
      `update annotation_versions set status = 'failed', error = $2 where id = $1 and status in ('queued', 'building')`,
      [version_id, JSON.stringify(error)],
    );
    if (failed) await this.connection.run(`delete from version_images where version_id = $1`, [version_id]);
    return failed;
  }

  /** Keeps the number, note and digest: a deleted version is known to have been. Null when it was not published. */
  async remove(version_id: number, user_id: string): Promise<{ storage_key: string | null } | null> {
    const row = await this.connection.one<{ storage_key: string | null }>(
      `update annotation_versions set status = 'deleted', deleted_at = now(), deleted_by = $2
        where id = $1 and status = 'published' returning storage_key`,
      [version_id, user_id],
    );
    if (row) await this.connection.run(`delete from version_images where version_id = $1`, [version_id]);
    return row;
  }

  diffSummary(from: DiffSide, to: DiffSide): Promise<DiffSummary> {
    return diffSummary(this.connection, from, to);
  }

  /** Images that differ, by id. */
  listDiff(from: DiffSide, to: DiffSide, page: PageRequest): Promise<Page<DiffImage>> {
    return listDiff(this.connection, from, to, page);
  }

  /** JSON text of `[{before, after}]` of one image, by annotation id. */
  imageDiff(from: DiffSide, to: DiffSide, image_id: number): Promise<string> {
    return imageDiff(this.connection, from, to, image_id);
  }

  private async changed(text: string, values: readonly unknown[]): Promise<boolean> {
    return (await this.connection.run(text, values)) > 0;
  }
}

/** $1 version, $2 project, $3 include drafts. */
const FREEZE = `
with images as (
  insert into version_images (version_id, image_id, path, width, height, size_bytes, sha256, content_type, annotation_ids,
    annotation_versions, split)
  select $1, i.id, i.path, i.width, i.height, i.size_bytes, i.sha256, i.content_type, a.ids, a.versions, i.split
  from annotation_projects p join image_metadata i on i.dataset_id = p.dataset_id
  cross join lateral (
    select coalesce(array_agg(a.id order by a.id), '{}') as ids, coalesce(array_agg(a.version order by a.id), '{}') as versions
    from annotations a where a.image_id = i.id and a.project_id = p.id and ($3::boolean or a.state <> 'draft')
  ) a
  where p.id = $2
)
update annotation_versions v set frozen_at = now(), project_name = p.name, task_types = p.task_types, classes = (
    select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'task_type', c.task_type, 'name', c.name, 'color', c.color,
      'keypoints', c.keypoints, 'skeleton', c.skeleton) order by c.task_type, c.position, c.id), '[]')
    from classes c where c.project_id = $2)
from annotation_projects p where v.id = $1 and p.id = $2 returning ${VERSION_COLUMNS}`;
