import type { HeardChange, ProjectEvents } from '../events/project-events.js';
import { frame } from './event-stream.js';
import type { OpenStream } from './open-stream.js';

/** Everybody in this process who watches one project: each event is written out once for all of them. */
export class EventRoom {
  readonly streams = new Set<OpenStream>();
  private readonly unsubscribe: () => void;

  constructor(
    readonly project_id: number,
    events: ProjectEvents,
    /** Somebody's membership changed: is everybody still welcome? */
    private readonly recheck: (streams: readonly OpenStream[]) => void,
  ) {
    this.unsubscribe = events.subscribe(project_id, (change) => this.hear(change));
  }

  tell(text: string): void {
    for (const { line } of this.streams) line.write(text);
  }

  close(): void {
    this.unsubscribe();
  }

  private hear(change: HeardChange): void {
    if (change.type === 'missed') {
      this.tell(frame({ type: 'resync' }));
      this.recheck([...this.streams]);
      return;
    }
    if (change.type === 'member') this.recheck([...this.streams].filter(({ auth }) => auth.user.id === change.user_id));
    this.tell(frame(change));
  }
}
