import type { ImageStatus, Split, TaskType } from '@labelyard/domain';
import { decodeCursor, encodeCursor, escapeLike } from '../paging.js';
import type { ImageRow } from './image-row.js';

export type ImageSort = 'id' | '-id' | 'path' | '-path' | 'uploaded_at' | '-uploaded_at' | 'size' | '-size';

export interface ImageFilter {
  /** Whose status is asked for and shown; overall otherwise. */
  readonly task_type?: TaskType | undefined;
  readonly status?: ImageStatus | undefined;
  readonly class_id?: number | undefined;
  /** Images that were put into it, not those whose path says so. */
  readonly split?: Split | undefined;
  /** Images of this annotation task. */
  readonly task_id?: number | undefined;
  /** Images in a task of this person, for the asked task type or any. */
  readonly assignee?: string | undefined;
  /** Part of the path, any case. */
  readonly q?: string | undefined;
  readonly sort?: ImageSort | undefined;
}

/** Where a walk begins when there is no cursor, and which way it goes. */
export interface ImageWalk {
  /** Forward the anchor comes first; backward begins with what stands before it. It need not match the filter. */
  readonly anchor?: number | undefined;
  readonly direction?: 'forward' | 'backward' | undefined;
}

/** What `ProjectRepository.access` answered: saves the list a second look at the project. */
export interface ProjectHead {
  readonly project_id: number;
  readonly dataset_id: number;
  readonly task_types: readonly TaskType[];
}

type SortKey = 'id' | 'path' | 'uploaded_at' | 'size';

/** Columns a list is ordered by, unique together within a dataset, and their types in a cursor. */
const SORT_COLUMNS: Readonly<Record<SortKey, readonly ('id' | 'path' | 'uploaded_at' | 'size_bytes')[]>> = {
  id: ['id'],
  path: ['path'],
  uploaded_at: ['uploaded_at', 'id'],
  size: ['size_bytes', 'id'],
};
const CURSOR_TYPES: Readonly<Record<string, 'string' | 'number'>> = {
  id: 'number',
  size_bytes: 'number',
  path: 'string',
  uploaded_at: 'string',
};

/** Columns of an ImageRow. */
export const IMAGE_COLUMNS = `i.id, i.dataset_id, i.path, i.width, i.height, i.size_bytes, i.sha256, i.content_type, i.status,
  i.thumbnail_state, i.split, i.revision, i.uploaded_by, i.uploaded_at`;

/** Status of every task type, number of annotations and holder of the lock of row `i`; `task` is a parameter, null for all task types. */
export function progressOf(task: string): string {
  return `cross join lateral (
    select coalesce(json_object_agg(s.task_type, s.status), '{}') as statuses,
      coalesce(sum(s.annotation_count) filter (where ${task}::text is null or s.task_type = ${task}), 0)::integer
        as annotation_count,
      (select l.user_id from image_locks l where l.image_id = i.id and l.expires_at > now()) as locked_by
    from image_statuses s where s.image_id = i.id
  ) progress`;
}

/** One ordered, filtered walk over a dataset's images, in either direction from any row. */
export class ImageListSql {
  readonly values: unknown[] = [];
  private readonly sortKey: SortKey;
  private readonly descending: boolean;
  private readonly order: string;

  constructor(
    private readonly project: ProjectHead,
    private readonly filter: ImageFilter,
  ) {
    const sort = filter.sort ?? 'id';
    this.descending = sort.startsWith('-');
    this.sortKey = (this.descending ? sort.slice(1) : sort) as SortKey;
    this.order = `images:${sort}`;
  }

  get filtered(): boolean {
    const { status, class_id, split, task_id, assignee, q } = this.filter;
    const narrowed = [status, class_id, split, task_id, assignee].some((value) => value !== undefined);
    return narrowed || Boolean(q);
  }

  /** `$n` for a value. */
  parameter(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  cursorOf(image: ImageRow): string {
    return encodeCursor(this.order, this.keysOf(image));
  }

  keysOf(image: ImageRow): (string | number)[] {
    return SORT_COLUMNS[this.sortKey].map((column) => image[column]);
  }

  keysIn(cursor: string | null | undefined): (string | number)[] | null {
    const types = SORT_COLUMNS[this.sortKey].map((column) => CURSOR_TYPES[column] as 'string' | 'number');
    return decodeCursor(this.order, types, cursor);
  }

  /** `select` of ImageRows beyond `keys` (from the start when null), or from them on; `backwards` walks towards the list's start. */
  select(
    keys: readonly (string | number)[] | null,
    limit: string,
    { backwards = false, inclusive = false }: { backwards?: boolean; inclusive?: boolean } = {},
  ): string {
    const { project, filter } = this;
    const downwards = this.descending !== backwards;
    const columns = SORT_COLUMNS[this.sortKey].map((column) => `i.${column}`);
    const sources = ['image_metadata i'];
    const conditions = [`i.dataset_id = ${this.parameter(project.dataset_id)}`];
    const beyond = (expressions: readonly string[]) =>
      keys &&
      `(${expressions.join(', ')}) ${downwards ? '<' : '>'}${inclusive ? '=' : ''} (${keys.map((key) => this.parameter(key)).join(', ')})`;
    if (filter.status !== undefined) this.byStatus(filter.status, sources, conditions);
    if (filter.q) {
      const pattern = `%${escapeLike(filter.q.normalize('NFC'))}%`;
      // The index is on this expression: paths themselves compare by bytes, which knows no upper and lower case.
      conditions.push(`i.path collate "default" ilike ${this.parameter(pattern)}`);
    }
    if (filter.class_id !== undefined) {
      const ofClass = `a.class_id = ${this.parameter(filter.class_id)}`;
      if (this.sortKey === 'id') {
        // In the order of the index on (class_id, image_id), so a page reads a page's worth of it.
        const from = beyond(['a.image_id']);
        sources.push(
          `(select distinct a.image_id from annotations a where ${ofClass}${from ? ` and ${from}` : ''}) labeled`,
        );
        conditions.push('labeled.image_id = i.id');
      } else {
        conditions.push(`exists (select from annotations a where ${ofClass} and a.image_id = i.id)`);
      }
    }
    if (filter.split !== undefined) conditions.push(`i.split = ${this.parameter(filter.split)}`);
    if (filter.task_id !== undefined) {
      // A task is of one task type, so this names an image once.
      sources.push('image_statuses in_task');
      conditions.push(`in_task.task_id = ${this.parameter(filter.task_id)}`, 'in_task.image_id = i.id');
    }
    if (filter.assignee !== undefined) this.ofAssignee(filter.assignee, conditions);
    const from = beyond(columns);
    if (from) conditions.push(from);
    const direction = downwards ? ' desc' : '';
    return `select ${IMAGE_COLUMNS} from ${sources.join(', ')} where ${conditions.join(' and ')}
      order by ${columns.map((column) => column + direction).join(', ')} limit ${limit}`;
  }

  private ofAssignee(assignee: string, conditions: string[]): void {
    const { task_type } = this.filter;
    const ofType = task_type === undefined ? '' : ` and t.task_type = ${this.parameter(task_type)}`;
    conditions.push(
      `i.id in (select s.image_id from annotation_tasks t join image_statuses s on s.task_id = t.id
        where t.project_id = ${this.parameter(this.project.project_id)} and t.assignee_id = ${this.parameter(assignee)}${ofType})`,
    );
  }

  private byStatus(status: ImageStatus, sources: string[], conditions: string[]): void {
    const { task_type } = this.filter;
    const { task_types, project_id } = this.project;
    // With one task type its status is the overall status, which every sort has an index for.
    const overall = task_type === undefined || (task_types.length === 1 && task_types[0] === task_type);
    const wanted = this.parameter(status);
    if (overall) {
      conditions.push(`i.status = ${wanted}`);
      return;
    }
    sources.push('image_statuses of_task');
    conditions.push(
      `of_task.project_id = ${this.parameter(project_id)}`,
      `of_task.task_type = ${this.parameter(task_type)}`,
      `of_task.status = ${wanted}`,
      'of_task.image_id = i.id',
    );
  }
}
