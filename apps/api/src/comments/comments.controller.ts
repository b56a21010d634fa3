import type { Comment } from '@labelyard/contract';
import type { CommentRecord, LabelerDb, LabelerTransaction } from '@labelyard/db';
import { can, DomainError } from '@labelyard/domain';
import { Controller } from '@nestjs/common';
import type { ProjectAuth } from '../auth/auth-context.js';
import { InjectLabelerDb } from '../connections.js';
import { ProjectEvents } from '../events/project-events.js';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';
import { changeOnce } from '../idempotency/idempotency-scope.js';
import { People } from '../people/people.js';
import { peopleIn, toComment, toThread } from './comment-answer.js';

@Controller()
export class CommentsController {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    private readonly people: People,
    private readonly events: ProjectEvents,
  ) {}

  @Endpoint('comments.list')
  async list({ params, query }: InputOf<'comments.list'>, { user }: ProjectAuth): Promise<AnswerOf<'comments.list'>> {
    const { items, next_cursor } = await this.db.comments.threads({ ...params, ...query, user_id: user.id });
    const people = await this.people.summaries(peopleIn(items));
    return { items: items.map((row) => toThread(row, people)), next_cursor };
  }

  @Endpoint('comments.create')
  create({ params, body }: InputOf<'comments.create'>, auth: ProjectAuth): Promise<Comment> {
    return changeOnce(this.db, auth, 201, async (tx) => {
      const row = await tx.comments.create({ ...params, ...body, author_id: auth.user.id });
      await tx.notifications.tellOfComment(row.id);
      return this.changed(tx, row);
    });
  }

  @Endpoint('comments.update')
  update({ params, body }: InputOf<'comments.update'>, { user }: ProjectAuth): Promise<Comment> {
    return this.db.transaction(async (tx) => {
      const before = await this.read(tx, params.comment_id);
      if (before.author_id !== user.id) throw new DomainError('forbidden', 'Only its author may change a comment');
      if (before.deleted_at !== null) throw new DomainError('not_found', 'The comment was deleted', params);
      await tx.comments.edit(params.comment_id, body);
      // Who was mentioned before, or took part, has heard of it.
      const added = body.mentions.filter((user_id) => !before.mentions.includes(user_id));
      await tx.notifications.tell(
        { project_id: before.project_id, actor_id: user.id },
        [...new Set(added)].map((user_id) => ({
          user_id,
          kind: 'mention' as const,
          image_id: before.image_id,
          annotation_id: before.annotation_id,
          comment_id: before.id,
          task_type: before.task_type,
          excerpt: body.body,
        })),
      );
      return this.changed(tx, await this.read(tx, params.comment_id));
    });
  }

  @Endpoint('comments.delete')
  async remove({ params }: InputOf<'comments.delete'>, { user, project }: ProjectAuth): Promise<void> {
    await this.db.transaction(async (tx) => {
      const before = await this.read(tx, params.comment_id);
      const own = before.author_id === user.id;
      if (!own && !can(project.role, 'comment.moderate')) {
        throw new DomainError('forbidden', 'Only its author, or an admin, may delete a comment');
      }
      await tx.comments.delete(params.comment_id);
      if (!own) {
        await tx.audit.record({
          project_id: before.project_id,
          actor_id: user.id,
          action: 'comment.delete',
          subject_type: 'comment',
          subject_id: before.id,
          details: { author_id: before.author_id, image_id: before.image_id },
        });
      }
      await this.publish(tx, before);
    });
  }

  @Endpoint('comments.resolve')
  resolve(input: InputOf<'comments.resolve'>, auth: ProjectAuth): Promise<Comment> {
    return this.setResolved(input.params.comment_id, auth, true);
  }

  @Endpoint('comments.reopen')
  reopen(input: InputOf<'comments.reopen'>, auth: ProjectAuth): Promise<Comment> {
    return this.setResolved(input.params.comment_id, auth, false);
  }

  private setResolved(comment_id: number, auth: ProjectAuth, resolved: boolean): Promise<Comment> {
    return changeOnce(this.db, auth, 200, async (tx) => {
      const before = await this.read(tx, comment_id);
      if (before.parent_id !== null) {
        const message = 'Threads are resolved as a whole: name its first comment';
        throw new DomainError('validation_failed', message, [{ path: 'comment_id', code: 'not_a_thread', message }]);
      }
      await tx.comments.resolve(comment_id, resolved ? auth.user.id : null);
      return this.changed(tx, await this.read(tx, comment_id));
    });
  }

  private async read(tx: LabelerTransaction, comment_id: number): Promise<CommentRecord> {
    const row = await tx.comments.get(comment_id);
    if (!row) throw new DomainError('not_found', 'The comment does not exist any more', { comment_id });
    return row;
  }

  private async changed(tx: LabelerTransaction, row: CommentRecord): Promise<Comment> {
    await this.publish(tx, row);
    return toComment(row, await this.people.summaries(peopleIn([row])));
  }

  private publish(tx: LabelerTransaction, { project_id, id, image_id }: CommentRecord): Promise<void> {
    return this.events.publish(tx.sql, project_id, { type: 'comment', comment_id: id, image_id });
  }
}
