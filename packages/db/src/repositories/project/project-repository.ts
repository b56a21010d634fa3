import { type ImageStatus, type Role, ROLES, type TaskType, type Visibility } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { IMAGE_COLUMNS } from '../image/image-list-sql.js';
import type { ImageRow } from '../image/image-row.js';
import { decodeCursor, encodeCursor, type Page, pageOf, type PageRequest } from '../paging.js';
import type { Viewer } from './dataset-repository.js';
import { STATUS_COUNTS } from './status-counts.js';

/** The thing a request is about; `access` finds its project. */
export type AccessSubject =
  | { readonly project_id: number }
  | { readonly dataset_id: number }
  | { readonly image_id: number }
  | { readonly annotation_id: number }
  /** Of an annotation that may have been deleted. */
  | { readonly past_annotation_id: number }
  | { readonly class_id: number }
  | { readonly export_id: number }
  | { readonly import_id: number }
  | { readonly upload_id: number }
  | { readonly task_id: number }
  | { readonly split_id: number }
  | { readonly comment_id: number }
  | { readonly restore_id: number }
  | { readonly version_id: number };

export interface Access {
  readonly project_id: number;
  readonly dataset_id: number;
  readonly name: string;
  readonly visibility: Visibility;
  readonly task_types: TaskType[];
  /** The effective role: a member's own, `viewer` for those who see it only by its visibility. */
  readonly role: Role;
  readonly is_member: boolean;
  /** For the subjects image_id and annotation_id. */
  readonly image: ImageRow | null;
}

export interface ProjectRow {
  readonly id: number;
  readonly dataset_id: number;
  readonly name: string;
  readonly task_types: TaskType[];
  readonly settings: Record<string, unknown>;
  readonly image_count: number;
  readonly progress: Partial<Record<TaskType, Record<ImageStatus, number>>>;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface MemberRow {
  readonly user_id: string;
  readonly role: Role;
  readonly granted_by: string | null;
  readonly granted_at: string;
}

type StatusCounts = Partial<Record<TaskType | 'overall', Record<ImageStatus, number>>>;

/** How each subject, whose id is $1, leads to its project `p`; `i` is there where the subject lies on an image. */
const SUBJECTS = {
  project_id: { from: 'annotation_projects p', where: 'p.id = $1', image: false },
  dataset_id: { from: 'annotation_projects p', where: 'p.dataset_id = $1', image: false },
  image_id: {
    from: 'image_metadata i join annotation_projects p on p.dataset_id = i.dataset_id',
    where: 'i.id = $1',
    image: true,
  },
  annotation_id: {
    from: `annotations a join image_metadata i on i.id = a.image_id
      join annotation_projects p on p.dataset_id = i.dataset_id`,
    where: 'a.id = $1',
    image: true,
  },
  past_annotation_id: {
    from: `(select coalesce(
        (select a.project_id from annotations a where a.id = $1),
        (select h.project_id from annotation_history h where h.annotation_id = $1 order by h.version limit 1)
      ) as project_id) past join annotation_projects p on p.id = past.project_id`,
    where: 'true',
    image: false,
  },
  class_id: {
    from: 'classes c join annotation_projects p on p.id = c.project_id',
    where: 'c.id = $1',
    image: false,
  },
  export_id: {
    from: 'exports e join annotation_projects p on p.id = e.project_id',
    where: 'e.id = $1 and e.deleted_at is null',
    image: false,
  },
  import_id: {
    from: 'imports e join annotation_projects p on p.id = e.project_id',
    where: 'e.id = $1',
    image: false,
  },
  upload_id: {
    from: 'uploads u join annotation_projects p on p.dataset_id = u.dataset_id',
    where: 'u.id = $1',
    image: false,
  },
  task_id: {
    from: 'annotation_tasks k join annotation_projects p on p.id = k.project_id',
    where: 'k.id = $1',
    image: false,
  },
  split_id: {
    from: 'task_splits k join annotation_projects p on p.id = k.project_id',
    where: 'k.id = $1',
    image: false,
  },
  comment_id: {
    from: 'comments c join annotation_projects p on p.id = c.project_id',
    where: 'c.id = $1',
    image: false,
  },
  version_id: {
    from: 'annotation_versions v join annotation_projects p on p.id = v.project_id',
    where: 'v.id = $1',
    image: false,
  },
  restore_id: {
    from: 'restores r join annotation_projects p on p.id = r.project_id',
    where: 'r.id = $1',
    image: false,
  },
} as const;

/** SQL for the id of the project that a thing of the kind and id in these columns belongs to; no row when there is none. */
export function projectOfSubject(kind: string, id: string): string {
  const ways = Object.entries(SUBJECTS).map(
    ([name, { from, where }]) =>
      `select p.id from ${from.replaceAll('$1', id)} where ${kind} = '${name}' and ${where.replaceAll('$1', id)}`,
  );
  return `select id from (${ways.join(' union all ')}) found limit 1`;
}

/** Who sees project `p` of dataset `d`, and as what; the parameters are user and organization, or a token's role and project. */
const BY_PERSON = {
  role: `coalesce(m.role, 'viewer') as role, m.role is not null as is_member`,
  join: `left join project_permissions m on m.project_id = p.id and m.user_id = $2`,
  sees: `(m.role is not null or d.visibility = 'public' or (d.visibility = 'organization' and d.organization_id = $3))`,
};
const BY_SERVICE = {
  role: `$2::text as role, false as is_member`,
  join: '',
  sees: `($3::bigint is null or p.id = $3)`,
};

/** Strongest first. */
const RANKED = `array_position(array[${[...ROLES]
  .reverse()
  .map((role) => `'${role}'`)
  .join(', ')}], m.role)`;

/** `status → images` per task type (and `overall`) of project `p`, as JSON. */
const PROGRESS = `coalesce((
    select json_object_agg(t.task_type, t.counts) from (
      select c.task_type, json_object_agg(c.status, c.image_count) as counts from ${STATUS_COUNTS} c
      where c.project_id = p.id group by c.task_type
    ) t
  ), '{}')`;

/** Projects and who may do what in them. */
export class ProjectRepository {
  constructor(private readonly connection: Connection) {}

  /**
   * What a person may do with something, in one query. Null when it does not exist, is deleted or may not be seen: the caller answers 404
   * in all three cases.
   */
  async access(subject: AccessSubject, viewer: Viewer): Promise<Access | null> {
    const [[kind, id]] = Object.entries(subject) as [[keyof typeof SUBJECTS, number]];
    const { from, where, image } = SUBJECTS[kind];
    const { service } = viewer;
    const { role: asRole, join, sees } = service ? BY_SERVICE : BY_PERSON;
    const [row] = await this.connection.hot<Omit<Access, 'image'> & ImageRow>(
      `select ${image ? `${IMAGE_COLUMNS}, ` : ''} p.id as project_id, p.dataset_id, p.name, d.visibility, p.task_types,
          ${asRole}
        from ${from}
        join datasets d on d.id = p.dataset_id
        ${join}
        where ${where} and d.deleted_at is null and ${sees}`,
      service ? [id, service.role, service.project_id] : [id, viewer.user_id, viewer.organization_id],
    );
    if (!row) return null;
    const { project_id, dataset_id, name, visibility, task_types, role, is_member, ...rest } = row;
    return {
      project_id,
      dataset_id,
      name,
      visibility,
      task_types,
      role,
      is_member,
      image: image ? { ...rest, dataset_id } : null,
    };
  }

  async get(project_id: number): Promise<ProjectRow | null> {
    const [row] = await this.connection.hot<Omit<ProjectRow, 'progress'> & { progress: StatusCounts }>(
      `select p.id, p.dataset_id, p.name, p.task_types, p.settings, d.image_count, ${PROGRESS} as progress,
          p.created_at, p.updated_at
        from annotation_projects p join datasets d on d.id = p.dataset_id where p.id = $1 and d.deleted_at is null`,
      [project_id],
    );
    if (!row) return null;
    const { overall: _, ...progress } = row.progress;
    return { ...row, progress };
  }

  /** Strongest role first, then by when they joined. */
  async members(project_id: number, { limit, cursor }: PageRequest): Promise<Page<MemberRow>> {
    const order = 'members';
    const after = decodeCursor<[number, string, string]>(order, ['number', 'string', 'string'], cursor);
    const rows = await this.connection.rows<MemberRow & { rank: number }>(
      `select * from (
          select m.user_id, m.role, m.granted_by, m.granted_at, ${RANKED} as rank
          from project_permissions m where m.project_id = $1
        ) m
        where $2::integer is null or (m.rank, m.granted_at, m.user_id) > ($2, $3::timestamptz, $4)
        order by m.rank, m.granted_at, m.user_id limit $5`,
      [project_id, after?.[0] ?? null, after?.[1] ?? null, after?.[2] ?? null, limit + 1],
    );
    const page = pageOf(rows, limit, (last) => encodeCursor(order, [last.rank, last.granted_at, last.user_id]));
    return { ...page, items: page.items.map(({ rank: _, ...member }) => member) };
  }

  /** Everybody who has one of these roles, in no order. */
  membersWith(project_id: number, roles: readonly Role[]): Promise<MemberRow[]> {
    return this.connection.rows<MemberRow>(
      `select user_id, role, granted_by, granted_at from project_permissions where project_id = $1 and role = any ($2)`,
      [project_id, roles],
    );
  }

  /** Images per status: `overall` and each task type. */
  async statusCounts(project_id: number): Promise<StatusCounts> {
    const row = await this.connection.one<{ progress: StatusCounts }>(
      `select ${PROGRESS} as progress from annotation_projects p where p.id = $1`,
      [project_id],
    );
    return row?.progress ?? {};
  }

  /** Adds or changes a member. Throws not_found when the project is gone. */
  async setMember(member: { project_id: number; user_id: string; role: Role; granted_by: string }): Promise<void> {
    await this.connection.run(
      `insert into project_permissions (project_id, user_id, role, granted_by) values ($1, $2, $3, $4)
        on conflict (project_id, user_id) do update
        set role = excluded.role, granted_by = excluded.granted_by, granted_at = now()`,
      [member.project_id, member.user_id, member.role, member.granted_by],
    );
  }
}
