import { rolesFor, type TaskType } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { decodeCursor, encodeCursor, type Page, pageOf, type PageRequest } from '../paging.js';
import type { ReleasedTasks } from '../task/task-row.js';

export type NotificationKind =
  | 'mention'
  | 'reply'
  | 'rejection'
  | 'task_assigned'
  | 'task_handed_back'
  | 'task_submitted'
  | 'task_sent_back'
  | 'task_due_soon'
  | 'tasks_released';

export interface NotificationRecord {
  readonly id: number;
  readonly kind: NotificationKind;
  readonly project_id: number;
  readonly dataset_id: number;
  readonly dataset_name: string;
  readonly image_id: number | null;
  readonly image_path: string | null;
  readonly annotation_id: number | null;
  readonly task_id: number | null;
  readonly task_name: string | null;
  readonly task_type: TaskType | null;
  readonly comment_id: number | null;
  readonly actor_id: string | null;
  readonly excerpt: string;
  readonly created_at: string;
  readonly read_at: string | null;
}

/** One thing for one person. */
export interface NewNotification {
  readonly user_id: string;
  readonly kind: NotificationKind;
  readonly image_id?: number | null;
  readonly annotation_id?: number | null;
  readonly task_id?: number | null;
  readonly comment_id?: number | null;
  readonly task_type?: TaskType | null;
  readonly excerpt?: string;
}

/** Most people who hear of one thing by their role. */
const MOST_BY_ROLE = 50;
/** Counted no further: the badge says "99+". */
const COUNTED = 100;
const EXCERPT = 280;

/** What people should hear of. Nobody hears of their own deeds, and nobody who is not a member any more. */
export class NotificationRepository {
  constructor(private readonly connection: Connection) {}

  /** One insert however many. */
  async tell(
    about: { readonly project_id: number; readonly actor_id: string | null },
    news: readonly NewNotification[],
  ): Promise<void> {
    if (news.length === 0) return;
    await this.connection.run(
      `insert into notifications
          (user_id, kind, project_id, actor_id, image_id, annotation_id, task_id, comment_id, task_type, excerpt)
        select x.user_id, x.kind, $1, $2, x.image_id, x.annotation_id, x.task_id, x.comment_id, x.task_type, left(x.excerpt, ${EXCERPT})
        from unnest($3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[], $10::text[])
          with ordinality as x (user_id, kind, image_id, annotation_id, task_id, comment_id, task_type, excerpt, n)
        join project_permissions m on m.project_id = $1 and m.user_id = x.user_id
        where x.user_id is distinct from $2 order by x.n`,
      [
        about.project_id,
        about.actor_id,
        news.map((one) => one.user_id),
        news.map((one) => one.kind),
        news.map((one) => one.image_id ?? null),
        news.map((one) => one.annotation_id ?? null),
        news.map((one) => one.task_id ?? null),
        news.map((one) => one.comment_id ?? null),
        news.map((one) => one.task_type ?? null),
        news.map((one) => one.excerpt ?? ''),
      ],
    );
  }

  /** The person who gave a task out, and those whose role has to do with it. */
  async tellOfTask(
    about: {
      readonly project_id: number;
      readonly actor_id: string;
      readonly task_id: number;
      readonly kind: NotificationKind;
      readonly excerpt: string;
    },
    action: 'annotation.review' | 'task.manage',
  ): Promise<void> {
    await this.connection.run(
      `insert into notifications (user_id, kind, project_id, actor_id, task_id, task_type, excerpt)
        select m.user_id, $1, t.project_id, $2, t.id, t.task_type, left($3, ${EXCERPT})
        from annotation_tasks t join project_permissions m on m.project_id = t.project_id
        where t.id = $4 and m.user_id <> $2 and (m.user_id = t.created_by or m.role = any ($5))
        order by m.user_id = t.created_by desc, m.granted_at limit ${MOST_BY_ROLE}`,
      [about.kind, about.actor_id, about.excerpt, about.task_id, rolesFor(action)],
    );
  }

  /** Those who manage tasks, but not whoever did it: that somebody's open tasks have nobody now. One insert however many projects. */
  async tellOfRelease(
    who: { readonly left_by: string; readonly done_by: string },
    released: readonly ReleasedTasks[],
  ): Promise<void> {
    await this.connection.run(
      `insert into notifications (user_id, kind, project_id, actor_id, excerpt)
        select m.user_id, 'tasks_released', x.project_id, $1, left(x.names, ${EXCERPT})
        from unnest($3::bigint[], $4::text[]) with ordinality as x (project_id, names, n)
        cross join lateral (
          select p.user_id, p.granted_at from project_permissions p
          where p.project_id = x.project_id and p.role = any ($5) and p.user_id not in ($1, $2)
          order by p.granted_at limit ${MOST_BY_ROLE}
        ) m order by x.n, m.granted_at`,
      [
        who.left_by,
        who.done_by,
        released.map(({ project_id }) => project_id),
        released.map(({ names }) => names.join(', ')),
        rolesFor('task.manage'),
      ],
    );
  }

  /** Those a comment mentions, and the others who took part in its thread. `already` were told of it before. */
  async tellOfComment(comment_id: number, already: readonly string[] = []): Promise<void> {
    await this.connection.run(
      `insert into notifications (user_id, kind, project_id, actor_id, image_id, annotation_id, comment_id, task_type, excerpt)
        select p.user_id, case when bool_or(p.mentioned) then 'mention' else 'reply' end, c.project_id, c.author_id,
          c.image_id, c.annotation_id, c.id, c.task_type, left(c.body, ${EXCERPT})
        from comments c cross join lateral (
          select unnest(c.mentions) as user_id, true as mentioned
          union all
          select o.author_id, false from comments o where (o.id = c.parent_id or o.parent_id = c.parent_id) and o.id <> c.id
        ) p
        join project_permissions m on m.project_id = c.project_id and m.user_id = p.user_id
        where c.id = $1 and p.user_id <> c.author_id and p.user_id <> all ($2::text[])
        group by p.user_id, c.id`,
      [comment_id, already],
    );
  }

  /** Tells assignees, once, of tasks that are due within `hours`. Answers how many were told. */
  async tellOfDue(hours: number): Promise<number> {
    return this.connection.run(
      `with due as (
          update annotation_tasks set due_told_at = now()
          where due_told_at is null and state in ('pending', 'in_progress') and assignee_id is not null
            and due_at between now() and now() + make_interval(hours => $1)
          returning id, project_id, assignee_id, task_type, name
        )
        insert into notifications (user_id, kind, project_id, task_id, task_type)
        select due.assignee_id, 'task_due_soon', due.project_id, due.id, due.task_type from due
        join project_permissions m on m.project_id = due.project_id and m.user_id = due.assignee_id`,
      [hours],
    );
  }

  /** Newest first. */
  async list(
    user_id: string,
    { limit, cursor, unread }: PageRequest & { readonly unread: boolean },
  ): Promise<Page<NotificationRecord>> {
    const order = 'notifications';
    const after = decodeCursor<[number]>(order, ['number'], cursor);
    const rows = await this.connection.rows<NotificationRecord>(
      `select n.id, n.kind, n.project_id, d.id as dataset_id, d.name as dataset_name, n.image_id, i.path as image_path,
          n.annotation_id, n.task_id, t.name as task_name, n.task_type, n.comment_id, n.actor_id, n.excerpt, n.created_at, n.read_at
        from notifications n
        join annotation_projects p on p.id = n.project_id
        join datasets d on d.id = p.dataset_id and d.deleted_at is null
        join project_permissions m on m.project_id = n.project_id and m.user_id = n.user_id
        left join image_metadata i on i.id = n.image_id
        left join annotation_tasks t on t.id = n.task_id
        where n.user_id = $1 and ($2::bigint is null or n.id < $2) and (not $3 or n.read_at is null)
        order by n.id desc limit $4`,
      [user_id, after?.[0] ?? null, unread, limit + 1],
    );
    return pageOf(rows, limit, (last) => encodeCursor(order, [last.id]));
  }

  /** Up to 100. */
  async unread(user_id: string): Promise<number> {
    const [row] = await this.connection.hot<{ count: number }>(
      `select count(*)::integer as count from (
          select from notifications n
          join annotation_projects p on p.id = n.project_id
          join datasets d on d.id = p.dataset_id and d.deleted_at is null
          join project_permissions m on m.project_id = n.project_id and m.user_id = n.user_id
          where n.user_id = $1 and n.read_at is null limit ${COUNTED}
        ) few`,
      [user_id],
    );
    return row?.count ?? 0;
  }

  /** Ids of other people's are passed over. Without ids: everything up to `until`. */
  async markRead(
    user_id: string,
    what: { readonly ids: readonly number[] } | { readonly until: number },
  ): Promise<void> {
    const ids = 'ids' in what ? what.ids : null;
    await this.connection.run(
      `update notifications set read_at = now() where user_id = $1 and read_at is null
        and ($2::bigint[] is null or id = any ($2)) and ($3::bigint is null or id <= $3)`,
      [user_id, ids, 'until' in what ? what.until : null],
    );
  }
}
