import type { HeardChange, ProjectEvents } from '../events/project-events.js';
import { frame } from './event-stream.js';
import { GatheredEvents } from './gathered-events.js';
import type { OpenStream } from './open-stream.js';
import type { Presence } from './presence.js';
import { PresenceBoard, type PresenceEvent } from './presence-board.js';

export interface EventRoomOptions {
  readonly events: ProjectEvents;
  readonly presence: Presence;
  /** Somebody's membership changed: is everybody still welcome? */
  readonly recheck: (streams: readonly OpenStream[]) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Everybody in this process who watches one project: each event is written out once for all of them, and what happens
 * at about the same time goes to each of them in one write.
 */
export class EventRoom {
  readonly streams = new Set<OpenStream>();
  /** Streams that have not been told yet who is there. */
  private readonly newcomers = new Set<OpenStream>();
  private readonly gathered = new GatheredEvents(
    (text) => this.write(text, this.streams),
    () => this.streams.size,
  );
  private readonly board: PresenceBoard;
  private readonly unsubscribe: readonly (() => void)[];

  constructor(
    readonly project_id: number,
    private readonly options: EventRoomOptions,
  ) {
    const { events, presence, failed } = options;
    this.board = new PresenceBoard(
      () => presence.read(project_id),
      (change, whole) => this.showPresence(change, whole),
      failed,
    );
    this.unsubscribe = [
      events.subscribe(project_id, (change) => this.hear(change)),
      presence.subscribe(project_id, () => this.board.stir()),
    ];
  }

  /** The stream hears what is told from now on. */
  add(stream: OpenStream): void {
    this.gathered.flush();
    this.streams.add(stream);
    this.newcomers.add(stream);
    this.board.stir();
  }

  remove(stream: OpenStream): void {
    this.streams.delete(stream);
    this.newcomers.delete(stream);
  }

  /** @param text made by {@link frame} */
  tell(text: string): void {
    this.gathered.add(text);
  }

  close(): void {
    this.board.close();
    this.gathered.close();
    for (const stop of this.unsubscribe) stop();
  }

  private write(text: string, streams: Iterable<OpenStream>): void {
    for (const { line } of streams) line.write(text);
  }

  private showPresence(change: PresenceEvent, whole: PresenceEvent): void {
    const changed = change.people.length + change.left.length > 0;
    if (this.newcomers.size > 0) {
      // What came before must not be heard after the whole.
      this.gathered.flush();
      const others = [...this.streams].filter((stream) => !this.newcomers.has(stream));
      if (changed) this.write(frame(change), others);
      this.write(frame(whole), this.newcomers);
      this.newcomers.clear();
    } else if (changed) this.tell(frame(change));
  }

  private hear(change: HeardChange): void {
    if (change.type === 'missed') {
      for (const stream of this.streams) this.newcomers.add(stream);
      this.board.stir();
      this.tell(frame({ type: 'resync' }));
      this.options.recheck([...this.streams]);
      return;
    }
    if (change.type === 'member')
      this.options.recheck([...this.streams].filter(({ auth }) => auth.user.id === change.user_id));
    this.tell(frame(change));
  }
}
