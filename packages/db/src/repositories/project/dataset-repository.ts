import {
  DomainError,
  IMAGE_STATUSES,
  type ImageStatus,
  type Role,
  type TaskType,
  type Visibility,
} from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { decodeCursor, encodeCursor, escapeLike, type Page, pageOf, type PageRequest } from '../paging.js';
import { purgeDataset } from './purge-dataset.js';
import { STATUS_COUNTS } from './status-counts.js';

export interface DatasetRow {
  readonly id: number;
  readonly project_id: number;
  readonly name: string;
  readonly description: string;
  readonly visibility: Visibility;
  readonly owner_id: string;
  readonly organization_id: string | null;
  readonly task_types: TaskType[];
  readonly image_count: number;
  readonly size_bytes: number;
  /** Images per overall status. */
  readonly progress: Record<ImageStatus, number>;
  readonly created_at: string;
  readonly updated_at: string;
}

/** A dataset as one person sees it: `viewer` for those who see it only by its visibility. */
export interface SeenDataset extends DatasetRow {
  readonly role: Role;
  /** Up to four images whose thumbnails are ready. */
  readonly covers: readonly { readonly id: number; readonly path: string; readonly revision: number }[];
}

export interface NewDataset {
  readonly name: string;
  readonly description: string;
  readonly visibility: Visibility;
  readonly owner_id: string;
  readonly organization_id: string | null;
  readonly task_types: readonly TaskType[];
}

export interface DatasetPatch {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly visibility?: Visibility | undefined;
  readonly task_types?: readonly TaskType[] | undefined;
}

export interface DeletionImpact {
  readonly dataset_id: number;
  readonly name: string;
  readonly images: number;
  readonly annotations: number;
  readonly classes: number;
  readonly members: number;
  readonly exports: number;
  readonly size_bytes: number;
}

export interface Viewer {
  readonly user_id: string;
  readonly organization_id: string | null;
  /** A program: its role does not come from a membership. It reaches one project, or with null every one. */
  readonly service?: { readonly role: Role; readonly project_id: number | null };
}

const ORDER = 'datasets';

const NO_IMAGES = Object.fromEntries(IMAGE_STATUSES.map((status) => [status, 0])) as Record<ImageStatus, number>;

/** Images looked at for the covers: enough for four thumbnails, whatever the size of the dataset. */
const COVER_CANDIDATES = 24;

/** `d` and `p` as somebody sees them whose role is `role`. */
const seen = (
  role: string,
  join: string,
  sees: string,
) => `select d.id, p.id as project_id, d.name, d.description, d.visibility, d.owner_id, d.organization_id, p.task_types,
    d.image_count, d.size_bytes, d.created_at, d.updated_at, ${role} as role,
    coalesce((
      select json_object_agg(c.status, c.image_count) from ${STATUS_COUNTS} c
      where c.project_id = p.id and c.task_type = 'overall'
    ), '{}') as progress,
    coalesce((
      select json_agg(json_build_object('id', i.id, 'path', i.path, 'revision', i.revision) order by i.id) from (
        select * from (
          select id, path, revision, thumbnail_state from image_metadata where dataset_id = d.id
          order by id limit ${COVER_CANDIDATES}
        ) first_images where thumbnail_state = 'ready' order by id limit 4
      ) i
    ), '[]') as covers
  from datasets d
  join annotation_projects p on p.dataset_id = d.id
  ${join}
  where d.deleted_at is null and ${sees}`;

/** $1 and $2 are the viewer's user and organization. */
const SEEN_BY_PERSON = seen(
  `coalesce(m.role, 'viewer')`,
  `left join project_permissions m on m.project_id = p.id and m.user_id = $1`,
  `(m.role is not null or d.visibility = 'public' or (d.visibility = 'organization' and d.organization_id = $2))`,
);
/** $1 and $2 are a token's role and its project, null for all. */
const SEEN_BY_SERVICE = seen('$1::text', '', '($2::bigint is null or p.id = $2)');

const seenBy = ({ service }: Viewer) => (service ? SEEN_BY_SERVICE : SEEN_BY_PERSON);
const seer = ({ service, user_id, organization_id }: Viewer) =>
  service ? [service.role, service.project_id] : [user_id, organization_id];

/** Datasets with their projects: one each, made and removed together. */
export class DatasetRepository {
  constructor(private readonly connection: Connection) {}

  /** Dataset, project and the owner's permission in one statement. */
  async create(values: NewDataset): Promise<SeenDataset> {
    const row = await this.connection.one<Omit<SeenDataset, 'progress' | 'covers'>>(
      `with dataset as (
        insert into datasets (name, description, visibility, owner_id, organization_id)
        values ($1, $2, $3, $4, $5) returning *
      ), project as (
        insert into annotation_projects (dataset_id, name, task_types) select id, name, $6 from dataset returning *
      ), permission as (
        insert into project_permissions (project_id, user_id, role, granted_by) select id, $4, 'owner', $4 from project
      )
      select d.id, p.id as project_id, d.name, d.description, d.visibility, d.owner_id, d.organization_id, p.task_types,
        d.image_count, d.size_bytes, d.created_at, d.updated_at, 'owner' as role
      from dataset d cross join project p`,
      [values.name, values.description, values.visibility, values.owner_id, values.organization_id, values.task_types],
    );
    if (!row) throw new Error('the dataset was not answered');
    return { ...row, progress: NO_IMAGES, covers: [] };
  }

  /** What the viewer is a member of or may see, newest first. */
  async list(viewer: Viewer, query: PageRequest & { q?: string | undefined }): Promise<Page<SeenDataset>> {
    const before = decodeCursor<[number]>(ORDER, ['number'], query.cursor);
    const rows = await this.connection.rows<SeenDataset>(
      `${seenBy(viewer)} and ($3::bigint is null or d.id < $3) and ($4::text is null or d.name ilike $4)
        order by d.id desc limit $5`,
      [
        ...seer(viewer),
        before?.[0] ?? null,
        query.q ? `%${escapeLike(query.q.normalize('NFC'))}%` : null,
        query.limit + 1,
      ],
    );
    return pageOf(rows, query.limit, (last) => encodeCursor(ORDER, [last.id]));
  }

  /** Null when it does not exist, is deleted or may not be seen. */
  async get(dataset_id: number, viewer: Viewer): Promise<SeenDataset | null> {
    const rows = await this.connection.hot<SeenDataset>(`${seenBy(viewer)} and d.id = $3`, [
      ...seer(viewer),
      dataset_id,
    ]);
    return rows[0] ?? null;
  }

  /** Throws in_use when a task type that has annotations is taken away, not_found when the dataset is gone. */
  async update(dataset_id: number, patch: DatasetPatch): Promise<void> {
    // Atomic because a task type added while images arrive can meet their counters: after a deadlock it runs again.
    const row = await this.connection.atomic((transaction) =>
      transaction.one(
        `with dataset as (
        update datasets set name = coalesce($2, name), description = coalesce($3, description),
          visibility = coalesce($4, visibility), updated_at = now()
        where id = $1 and deleted_at is null returning *
      )
      update annotation_projects p set name = d.name, task_types = coalesce($5, p.task_types), updated_at = now()
      from dataset d where p.dataset_id = d.id returning p.id`,
        [
          dataset_id,
          patch.name ?? null,
          patch.description ?? null,
          patch.visibility ?? null,
          (patch.task_types as unknown[] | undefined) ?? null,
        ],
      ),
    );
    if (!row) throw new DomainError('not_found', 'The dataset does not exist any more', { dataset_id });
  }

  /** What deleting it would take away; counts annotations, so it is not for hot paths. */
  deletionImpact(dataset_id: number): Promise<DeletionImpact | null> {
    return this.connection.one(
      `select d.id as dataset_id, d.name, d.image_count as images, d.size_bytes,
          (select coalesce(sum(s.annotation_count), 0)::bigint from image_statuses s where s.project_id = p.id) as annotations,
          (select count(*) from classes c where c.project_id = p.id) as classes,
          (select count(*) from project_permissions m where m.project_id = p.id) as members,
          (select count(*) from exports e where e.project_id = p.id) as exports
        from datasets d join annotation_projects p on p.dataset_id = d.id where d.id = $1 and d.deleted_at is null`,
      [dataset_id],
    );
  }

  /** Hides the dataset from everybody at once; `purge` takes the rows away. False when it was gone already. */
  async delete(dataset_id: number): Promise<boolean> {
    return (
      (await this.connection.run(`update datasets set deleted_at = now() where id = $1 and deleted_at is null`, [
        dataset_id,
      ])) > 0
    );
  }

  /**
   * Removes one batch (images at a time) of a deleted dataset's rows; true when nothing is left. Call it from a job until it is true, then
   * empty the storage prefix. Never touches a dataset that is not deleted.
   */
  purge(dataset_id: number, batch = 500): Promise<boolean> {
    return purgeDataset(this.connection, dataset_id, batch);
  }

  /** Datasets deleted but not yet purged. */
  deleted(): Promise<{ id: number; project_id: number }[]> {
    return this.connection.rows(
      `select d.id, p.id as project_id from datasets d join annotation_projects p on p.dataset_id = d.id
        where d.deleted_at is not null order by d.deleted_at`,
    );
  }
}
