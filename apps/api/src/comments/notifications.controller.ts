import type { LabelerDb } from '@labelyard/db';
import { Controller } from '@nestjs/common';
import type { Auth } from '../auth/auth-context.js';
import { InjectLabelerDb } from '../connections.js';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';
import { changeOnce } from '../idempotency/idempotency-scope.js';
import { People } from '../people/people.js';

/** The inbox of the person signed in. */
@Controller()
export class NotificationsController {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    private readonly people: People,
  ) {}

  @Endpoint('notifications.list')
  async list({ query }: InputOf<'notifications.list'>, { user }: Auth): Promise<AnswerOf<'notifications.list'>> {
    const [{ items, next_cursor }, unread] = await Promise.all([
      this.db.notifications.list(user.id, query),
      this.db.notifications.unread(user.id),
    ]);
    const people = await this.people.summaries(items.flatMap(({ actor_id }) => actor_id ?? []));
    return {
      items: items.map((row) => ({ ...row, actor: (row.actor_id !== null && people.get(row.actor_id)) || null })),
      next_cursor,
      unread,
    };
  }

  @Endpoint('notifications.count')
  async count(_input: InputOf<'notifications.count'>, { user }: Auth): Promise<{ unread: number }> {
    return { unread: await this.db.notifications.unread(user.id) };
  }

  @Endpoint('notifications.read')
  read({ body }: InputOf<'notifications.read'>, auth: Auth): Promise<{ unread: number }> {
    return changeOnce(this.db, auth, 200, async (tx) => {
      await tx.notifications.markRead(auth.user.id, body);
      return { unread: await tx.notifications.unread(auth.user.id) };
    });
  }
}
