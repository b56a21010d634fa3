import type { HeardChange, ProjectEvents } from '../events/project-events.js';
import { frame } from './event-stream.js';
import type { OpenStream } from './open-stream.js';
import type { Presence } from './presence.js';
import { PresenceBoard } from './presence-board.js';

export interface EventRoomOptions {
  readonly events: ProjectEvents;
  readonly presence: Presence;
  /** Somebody's membership changed: is everybody still welcome? */
  readonly recheck: (streams: readonly OpenStream[]) => void;
  readonly failed: (error: unknown) => void;
}

/** Everybody in this process who watches one project: each event is written out once for all of them. */
export class EventRoom {
  readonly streams = new Set<OpenStream>();
  /** Streams that have not been told yet who is there. */
  private readonly newcomers = new Set<OpenStream>();
  private readonly board: PresenceBoard;
  private readonly unsubscribe: readonly (() => void)[];

  constructor(
    readonly project_id: number,
    private readonly options: EventRoomOptions,
  ) {
    const { events, presence, failed } = options;
    this.board = new PresenceBoard(
      () => presence.read(project_id),
      (change, whole) => {
        if (change.people.length + change.left.length > 0) this.tell(frame(change), this.newcomers);
        const everybody = frame(whole);
        for (const { line } of this.newcomers) line.write(everybody);
        this.newcomers.clear();
      },
      failed,
    );
    this.unsubscribe = [
      events.subscribe(project_id, (change) => this.hear(change)),
      presence.subscribe(project_id, () => this.board.stir()),
    ];
  }

  add(stream: OpenStream): void {
    this.streams.add(stream);
    this.newcomers.add(stream);
    this.board.stir();
  }

  remove(stream: OpenStream): void {
    this.streams.delete(stream);
    this.newcomers.delete(stream);
  }

  tell(text: string, except?: ReadonlySet<OpenStream>): void {
    for (const stream of this.streams) if (!except?.has(stream)) stream.line.write(text);
  }

  close(): void {
    this.board.close();
    for (const stop of this.unsubscribe) stop();
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
