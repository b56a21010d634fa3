import type { PresentPerson } from '@labelyard/contract';
import type { LabelerDb, PresentStream } from '@labelyard/db';
import { EVENTS_CHANNEL, type Events, type Topic } from '../events/events.js';
import type { People } from '../people/people.js';

/**
 * Who has which project open, over all replicas. Each open stream is a row of an unlogged table; its process says every few
 * seconds that it is still there, so what a killed process leaves behind is forgotten within a minute (docs/adr/0008).
 */
export class Presence {
  constructor(
    private readonly db: LabelerDb,
    private readonly events: Events,
    private readonly people: People,
  ) {}

  async enter(stream: PresentStream): Promise<void> {
    await this.db.presence.keep([stream]);
    await this.tell([stream.project_id]);
  }

  async leave(stream_ids: readonly string[]): Promise<void> {
    if (stream_ids.length > 0) await this.tell(await this.db.presence.leave(stream_ids));
  }

  keep(streams: readonly PresentStream[]): Promise<void> {
    return this.db.presence.keep(streams);
  }

  async expire(): Promise<void> {
    await this.tell(await this.db.presence.expire());
  }

  /** False when there is no such stream of this person, or no such image. */
  look(stream: PresentStream, image_id: number | null): Promise<boolean> {
    return this.db.presence.look(stream, image_id, { channel: EVENTS_CHANNEL, payload: topicOf(stream.project_id) });
  }

  /** Calls `listener` when somebody comes, goes or opens another image. */
  subscribe(project_id: number, listener: () => void): () => void {
    return this.events.subscribe(topicOf(project_id), listener);
  }

  async read(project_id: number): Promise<PresentPerson[]> {
    const present = await this.db.presence.inProject(project_id);
    const known = await this.people.summaries(present.map(({ user_id }) => user_id));
    return present.flatMap(({ user_id, image_id }) => {
      const person = known.get(user_id);
      return person ? [{ user_id, user_name: person.full_name, badge_color: person.badge_color, image_id }] : [];
    });
  }

  private async tell(project_ids: readonly number[]): Promise<void> {
    for (const id of project_ids) await this.events.notify(this.db.sql, topicOf(id));
  }
}

function topicOf(project_id: number): Topic {
  return `presence:${project_id}`;
}
