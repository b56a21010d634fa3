import { DomainError, type TaskType } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { decodeCursor, encodeCursor, type Page, pageOf, type PageRequest } from '../paging.js';

export interface CommentRecord {
  readonly id: number;
  readonly project_id: number;
  readonly image_id: number;
  readonly image_path: string;
  readonly annotation_id: number | null;
  /** The annotation it is pinned to is gone; x and y say where it was. */
  readonly annotation_deleted: boolean;
  readonly parent_id: number | null;
  readonly task_type: TaskType | null;
  readonly kind: 'comment' | 'rejection';
  readonly x: number | null;
  readonly y: number | null;
  readonly author_id: string;
  /** Empty when deleted. */
  readonly body: string;
  readonly mentions: string[];
  readonly created_at: string;
  readonly edited_at: string | null;
  readonly deleted_at: string | null;
  readonly resolved_at: string | null;
  readonly resolved_by: string | null;
}

export interface Thread extends CommentRecord {
  readonly replies: CommentRecord[];
}

export type CommentFilter = 'all' | 'open' | 'mine' | 'mentions_me';

export interface ThreadQuery extends PageRequest {
  readonly project_id: number;
  readonly user_id: string;
  readonly filter: CommentFilter;
  readonly image_id?: number | undefined;
}

export interface NewComment {
  readonly project_id: number;
  readonly image_id: number;
  readonly author_id: string;
  readonly body: string;
  readonly mentions: readonly string[];
  readonly annotation_id?: number | null | undefined;
  readonly parent_id?: number | null | undefined;
  readonly task_type?: TaskType | null | undefined;
  readonly point?: readonly [number, number] | null | undefined;
}

/** Why something was rejected, one per image or annotation. */
export interface RejectionComment {
  readonly image_id: number;
  readonly task_type: TaskType;
  readonly annotation_id: number | null;
  readonly at: readonly [number, number] | null;
}

/** Replies a thread may have: what is shown at once stays small. */
export const MAX_REPLIES = 200;

const COLUMNS = `c.id, c.project_id, c.image_id, i.path as image_path, c.annotation_id,
  c.annotation_id is not null and not exists (select from annotations a where a.id = c.annotation_id) as annotation_deleted,
  c.parent_id, c.task_type, c.kind, c.x, c.y, c.author_id, c.body, c.mentions, c.created_at, c.edited_at, c.deleted_at,
  c.resolved_at, c.resolved_by`;
const FROM = `comments c join image_metadata i on i.id = c.image_id`;

/** What people say to each other about images. */
export class CommentRepository {
  constructor(private readonly connection: Connection) {}

  /** Newest thread first, each with its replies in their order: two statements. */
  async threads(query: ThreadQuery): Promise<Page<Thread>> {
    const order = 'comments';
    const after = decodeCursor<[number]>(order, ['number'], query.cursor);
    const values: unknown[] = [query.project_id, query.limit + 1];
    const conditions = ['c.project_id = $1', 'c.parent_id is null'];
    const add = (text: (parameter: string) => string, value: unknown) => {
      values.push(value);
      conditions.push(text(`$${values.length}`));
    };
    if (query.image_id !== undefined) add((p) => `c.image_id = ${p}`, query.image_id);
    if (after) add((p) => `c.id < ${p}`, after[0]);
    if (query.filter === 'open') conditions.push('c.resolved_at is null');
    if (query.filter === 'mine') {
      add(
        (p) =>
          `c.id in (select coalesce(m.parent_id, m.id) from comments m where m.project_id = $1 and m.author_id = ${p})`,
        query.user_id,
      );
    }
    if (query.filter === 'mentions_me') {
      add(
        (p) =>
          `c.id in (select coalesce(m.parent_id, m.id) from comments m where m.project_id = $1 and m.mentions @> array[${p}::text])`,
        query.user_id,
      );
    }
    const roots = await this.connection.rows<CommentRecord>(
      `select ${COLUMNS} from ${FROM} where ${conditions.join(' and ')} order by c.id desc limit $2`,
      values,
    );
    const page = pageOf(roots, query.limit, (last) => encodeCursor(order, [last.id]));
    const replies = await this.connection.rows<CommentRecord>(
      `select ${COLUMNS} from ${FROM} where c.parent_id = any ($1::bigint[]) order by c.id`,
      [page.items.map(({ id }) => id)],
    );
    const byParent = Map.groupBy(replies, ({ parent_id }) => parent_id);
    return { ...page, items: page.items.map((root) => ({ ...root, replies: byParent.get(root.id) ?? [] })) };
  }

  async get(comment_id: number): Promise<CommentRecord | null> {
    return this.connection.one<CommentRecord>(`select ${COLUMNS} from ${FROM} where c.id = $1`, [comment_id]);
  }

  /** Throws validation_failed with the field that names something this image or project does not have. */
  async create(values: NewComment): Promise<CommentRecord> {
    const { annotation_id = null, parent_id = null, task_type = null, point = null } = values;
    const around = await this.connection.one<{
      annotation: boolean;
      at: [number, number] | null;
      parent: boolean;
      replies: number;
      inside: boolean;
      strangers: string[];
    }>(
      `select a.id is not null as annotation,
          case when a.bbox_x is not null then json_build_array(a.bbox_x, a.bbox_y) end as at,
          r.id is not null as parent, (select count(*) from comments o where o.parent_id = $4) as replies,
          $5::float8 is null or ($5 between 0 and i.width and $6::float8 between 0 and i.height) as inside,
          (select coalesce(array_agg(m), '{}') from unnest($7::text[]) m
            where not exists (select from project_permissions x where x.project_id = $2 and x.user_id = m)) as strangers
        from image_metadata i
        left join annotations a on a.id = $3 and a.image_id = i.id and a.project_id = $2
        left join comments r on r.id = $4 and r.image_id = i.id and r.project_id = $2 and r.parent_id is null
        where i.id = $1`,
      [
        values.image_id,
        values.project_id,
        annotation_id,
        parent_id,
        point?.[0] ?? null,
        point?.[1] ?? null,
        values.mentions,
      ],
    );
    if (!around) throw new DomainError('not_found', 'The image does not exist any more');
    if (annotation_id !== null && !around.annotation) {
      throw refused('annotation_id', 'not_on_image', 'is not an annotation of this image');
    }
    if (parent_id !== null && !around.parent) {
      throw refused('parent_id', 'not_on_image', 'is not a thread of this image');
    }
    if (around.replies >= MAX_REPLIES) {
      throw refused('parent_id', 'too_many_replies', `has ${MAX_REPLIES} replies already; begin a new thread`);
    }
    if (!around.inside) throw refused('point', 'outside_image', 'lies outside the image');
    this.checkMembers(values.mentions, around.strangers);
    const at = point ?? around.at;
    const made = await this.connection.one<{ id: number }>(
      `insert into comments (project_id, image_id, annotation_id, parent_id, task_type, x, y, author_id, body, mentions)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id`,
      [
        values.project_id,
        values.image_id,
        annotation_id,
        parent_id,
        task_type,
        at?.[0] ?? null,
        at?.[1] ?? null,
        values.author_id,
        values.body,
        [...new Set(values.mentions)],
      ],
    );
    return (await this.get(made?.id ?? 0)) as CommentRecord;
  }

  /** One comment per rejected thing, in the order given: their ids. */
  async reject(
    scope: { readonly project_id: number; readonly author_id: string; readonly body: string },
    rejected: readonly RejectionComment[],
  ): Promise<number[]> {
    const rows = await this.connection.rows<{ id: number }>(
      `insert into comments (project_id, image_id, annotation_id, task_type, kind, x, y, author_id, body)
        select $1, x.image_id, x.annotation_id, x.task_type, 'rejection', x.x, x.y, $2, $3
        from unnest($4::bigint[], $5::bigint[], $6::text[], $7::float8[], $8::float8[])
          with ordinality as x (image_id, annotation_id, task_type, x, y, n)
        order by x.n returning id`,
      [
        scope.project_id,
        scope.author_id,
        scope.body,
        rejected.map(({ image_id }) => image_id),
        rejected.map(({ annotation_id }) => annotation_id),
        rejected.map(({ task_type }) => task_type),
        rejected.map(({ at }) => at?.[0] ?? null),
        rejected.map(({ at }) => at?.[1] ?? null),
      ],
    );
    return rows.map(({ id }) => id).sort((a, b) => a - b);
  }

  /** What was asked for was done: closes the rejections of what is verified now. */
  async resolveRejections(
    scope: { readonly project_id: number; readonly user_id: string },
    verified: readonly Pick<RejectionComment, 'image_id' | 'task_type' | 'annotation_id'>[],
  ): Promise<void> {
    await this.connection.run(
      `update comments c set resolved_at = now(), resolved_by = $2
        from (select distinct * from unnest($3::bigint[], $4::text[], $5::bigint[]) as x (image_id, task_type, annotation_id)) x
        where c.project_id = $1 and c.image_id = x.image_id and c.kind = 'rejection' and c.resolved_at is null
          and c.task_type = x.task_type and (x.annotation_id is null or c.annotation_id = x.annotation_id)`,
      [
        scope.project_id,
        scope.user_id,
        verified.map(({ image_id }) => image_id),
        verified.map(({ task_type }) => task_type),
        verified.map(({ annotation_id }) => annotation_id),
      ],
    );
  }

  /** Throws validation_failed for people who are not members; those it mentioned before may have left since. */
  async edit(
    comment_id: number,
    values: { readonly body: string; readonly mentions: readonly string[] },
  ): Promise<void> {
    const row = await this.connection.one<{ strangers: string[] }>(
      `select (select coalesce(array_agg(m), '{}') from unnest($2::text[]) m where m <> all (c.mentions) and not exists (
          select from project_permissions x where x.project_id = c.project_id and x.user_id = m)) as strangers
        from comments c where c.id = $1`,
      [comment_id, values.mentions],
    );
    this.checkMembers(values.mentions, row?.strangers ?? []);
    await this.connection.run(
      `update comments set body = $2, mentions = $3, edited_at = now() where id = $1 and deleted_at is null`,
      [comment_id, values.body, [...new Set(values.mentions)]],
    );
  }

  /** A thread that was answered keeps its place, without its words. */
  async delete(comment_id: number): Promise<void> {
    await this.connection.run(
      `with answered as (
          update comments set deleted_at = now(), body = '', mentions = '{}'
          where id = $1 and exists (select from comments r where r.parent_id = $1) returning id
        )
        delete from comments where id = $1 and not exists (select from comments r where r.parent_id = $1)`,
      [comment_id],
    );
  }

  /** Closes a thread, or opens it again with null. */
  async resolve(comment_id: number, user_id: string | null): Promise<void> {
    await this.connection.run(
      `update comments set resolved_by = $2, resolved_at = case when $2::text is null then null else coalesce(resolved_at, now()) end
        where id = $1`,
      [comment_id, user_id],
    );
  }

  private checkMembers(mentions: readonly string[], strangers: readonly string[]): void {
    if (strangers.length === 0) return;
    throw new DomainError(
      'validation_failed',
      'Only members of the project can be mentioned',
      strangers.map((user_id) => ({
        path: `mentions.${mentions.indexOf(user_id)}`,
        code: 'not_a_member',
        message: 'is not a member of the project',
      })),
    );
  }
}

function refused(path: string, code: string, message: string): DomainError {
  return new DomainError('validation_failed', `${path}: ${message}`, [{ path, code, message }]);
}
