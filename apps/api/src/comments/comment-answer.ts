import type { Comment, CommentThread, UserSummary } from '@labelyard/contract';
import type { CommentRecord, Thread } from '@labelyard/db';

type People = ReadonlyMap<string, UserSummary>;

export function toComment(row: CommentRecord, people: People): Comment {
  const { x, y } = row;
  return {
    id: row.id,
    project_id: row.project_id,
    image_id: row.image_id,
    image_path: row.image_path,
    annotation_id: row.annotation_id,
    annotation_deleted: row.annotation_deleted,
    parent_id: row.parent_id,
    task_type: row.task_type,
    kind: row.kind,
    point: x === null || y === null ? null : [x, y],
    author_id: row.author_id,
    author: people.get(row.author_id) ?? null,
    body: row.body,
    mentions: row.mentions,
    mentioned: row.mentions.flatMap((user_id) => people.get(user_id) ?? []),
    created_at: row.created_at,
    edited_at: row.edited_at,
    deleted_at: row.deleted_at,
    resolved_at: row.resolved_at,
    resolved_by: row.resolved_by,
  };
}

export function toThread(row: Thread, people: People): CommentThread {
  return { ...toComment(row, people), replies: row.replies.map((reply) => toComment(reply, people)) };
}

/** Everybody a list of threads names. */
export function peopleIn(rows: readonly (CommentRecord & { readonly replies?: readonly CommentRecord[] })[]): string[] {
  return rows.flatMap((row) =>
    [row, ...(row.replies ?? [])].flatMap(({ author_id, mentions }) => [author_id, ...mentions]),
  );
}
