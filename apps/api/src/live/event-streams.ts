import { randomUUID } from 'node:crypto';
import type { StreamEnd } from '@labelyard/contract';
import type { PresentStream, Watcher } from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import type { PersonEvents } from '../events/person-events.js';
import type { ProjectEvents } from '../events/project-events.js';
import type { LogLine } from '../jobs/queue-log.js';
import { EventRoom } from './event-room.js';
import { frame } from './event-stream.js';
import type { MaintenanceMode } from '../maintenance/maintenance-mode.js';
import type { OpenStream } from './open-stream.js';
import type { Presence } from './presence.js';

export interface EventStreamsOptions {
  readonly events: ProjectEvents;
  readonly news: PersonEvents;
  readonly presence: Presence;
  readonly maintenance: Pick<MaintenanceMode, 'notice' | 'onChange'>;
  /** Which of these may still watch their project; one query however many. */
  readonly admitted: (watchers: readonly Watcher[]) => Promise<ReadonlySet<string>>;
  readonly log: LogLine;
  readonly per_person?: number;
  readonly in_all?: number;
  readonly beat_ms?: number;
  readonly check_ms?: number;
}

/** Tabs of one person; a browser with HTTP/1.1 opens six. */
const PER_PERSON = 30;
/** Lines of one process; each costs some 30 KB. */
const IN_ALL = 5_000;
/** Proxies cut lines that say nothing for half a minute. */
const BEAT_MS = 15_000;
/** How long somebody whose session ended, or account was switched off, may go on listening. */
const CHECK_MS = 5_000;

/** Comment for proxies, event for readers: a browser tells its page nothing of comments. */
const BEAT = `: beat\n${frame({ type: 'beat' })}`;

/** All event streams of this process: who may open one, who must leave, and that all end when the process does. */
export class EventStreams {
  private readonly rooms = new Map<number, EventRoom>();
  /** Streams of no project. */
  private readonly alone = new Set<OpenStream>();
  private readonly timers: NodeJS.Timeout[];
  private readonly stopMaintenance: () => void;
  private count = 0;
  private stopped = false;
  private checking = false;

  constructor(private readonly options: EventStreamsOptions) {
    this.timers = [
      setInterval(() => this.tellAll(BEAT), options.beat_ms ?? BEAT_MS),
      setInterval(() => void this.check(this.all()), options.check_ms ?? CHECK_MS),
    ];
    for (const timer of this.timers) timer.unref();
    this.stopMaintenance = options.maintenance.onChange((maintenance) =>
      this.tellAll(frame({ type: 'maintenance', maintenance })),
    );
  }

  get size(): number {
    return this.count;
  }

  /** @throws rate_limited, maintenance */
  assertRoom(user_id: string): void {
    const { per_person = PER_PERSON, in_all = IN_ALL } = this.options;
    if (this.stopped)
      throw new DomainError('maintenance', 'This server is stopping; connect again', { retry_after: 1 });
    if (this.count >= in_all)
      throw new DomainError('rate_limited', 'Too many event streams are open; try again later', { retry_after: 30 });
    const own = this.all().filter(({ auth }) => auth.user.id === user_id).length;
    if (own >= per_person)
      throw new DomainError('rate_limited', `You have ${own} event streams open; close some tabs or programs`, {
        retry_after: 30,
      });
  }

  /** Greets the reader and tells everything from now on. Answers how to leave. */
  open(values: Omit<OpenStream, 'id'>): () => void {
    const stream: OpenStream = { ...values, id: randomUUID() };
    const { line, auth, project_id } = stream;
    this.count += 1;
    line.write(frame({ type: 'hello', stream_id: stream.id, quiet_ms: this.quietMs(stream) }));
    line.write(frame({ type: 'maintenance', maintenance: this.options.maintenance.notice }));
    // A room tells by itself when something was missed.
    const unsubscribe = this.options.news.subscribe(auth.user.id, (about) => {
      if (about !== null) line.write(frame({ type: 'news', about }));
      else if (project_id === null) line.write(frame({ type: 'resync' }));
    });
    const leave = project_id === null ? this.listenAlone(stream) : this.enter(stream, project_id);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.count -= 1;
      unsubscribe();
      leave();
    };
  }

  private listenAlone(stream: OpenStream): () => void {
    this.alone.add(stream);
    return () => void this.alone.delete(stream);
  }

  private enter(stream: OpenStream, project_id: number): () => void {
    const room = this.room(project_id);
    room.add(stream);
    // One after the other, also when the reader leaves at once.
    const entered = this.attempt(() => this.options.presence.enter(presentStream(stream, project_id)));
    return () => {
      room.remove(stream);
      void entered.then(() => this.attempt(() => this.options.presence.leave([stream.id])));
      if (room.streams.size > 0) return;
      room.close();
      this.rooms.delete(room.project_id);
    };
  }

  private quietMs({ auth, project_id }: OpenStream): number | null {
    const { news, events } = this.options;
    const quiet = [news.quietMs(auth.user.id), project_id === null ? null : events.quietMs(project_id)];
    const known = quiet.filter((ms) => ms !== null);
    return known.length > 0 ? Math.min(...known) : null;
  }

  /** This person's account was changed: do their streams still stand? */
  recheck(user_id: string): void {
    void this.judge(this.all().filter(({ auth }) => auth.user.id === user_id));
  }

  /** What this process says of who is there. */
  present(): PresentStream[] {
    return [...this.rooms.values()].flatMap(({ streams, project_id }) =>
      [...streams].map((stream) => presentStream(stream, project_id)),
    );
  }

  /** Ends every stream; nobody gets in any more. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.stopMaintenance();
    for (const timer of this.timers) clearInterval(timer);
    const streams = this.all();
    for (const room of this.rooms.values()) room.close();
    for (const { line } of streams) line.end();
    await this.attempt(() => this.options.presence.leave(streams.map(({ id }) => id)));
  }

  /** Presence is a courtesy: a database that does not answer must not close the line. The next beat makes up for it. */
  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.stopped) this.options.log('warn', 'Presence could not be written', { err: error });
    }
  }

  private room(project_id: number): EventRoom {
    const known = this.rooms.get(project_id);
    if (known) return known;
    const { events, presence, log } = this.options;
    const made = new EventRoom(project_id, {
      events,
      presence,
      recheck: (streams) => void this.judge(streams),
      failed: (error) => log('warn', 'Presence could not be read', { err: error }),
    });
    this.rooms.set(project_id, made);
    return made;
  }

  private all(): OpenStream[] {
    return [...[...this.rooms.values()].flatMap(({ streams }) => [...streams]), ...this.alone];
  }

  private tellAll(text: string): void {
    for (const room of this.rooms.values()) room.tell(text);
    for (const { line } of this.alone) line.write(text);
  }

  private async check(streams: readonly OpenStream[]): Promise<void> {
    if (this.checking) return;
    this.checking = true;
    await this.judge(streams);
    this.checking = false;
  }

  /** Sends away whose session has ended and who may not see the project any more. A database that does not answer sends nobody away. */
  private async judge(streams: readonly OpenStream[]): Promise<void> {
    if (streams.length === 0) return;
    try {
      const signed_in = await Promise.all(streams.map((stream) => this.isSignedIn(stream)));
      streams.forEach((stream, n) => {
        if (!signed_in[n]) stream.line.end('signed_out' satisfies StreamEnd);
      });
      const rest = streams.filter((_, n) => signed_in[n]);
      const watchers = rest.flatMap(({ id, project_id, auth }) =>
        project_id === null ? [] : { stream_id: id, project_id, viewer: auth.viewer },
      );
      const admitted = await this.options.admitted(watchers);
      for (const { id, project_id, line } of rest) if (project_id !== null && !admitted.has(id)) line.end('no_access');
    } catch (error) {
      this.options.log('warn', 'Who listens to events could not be checked', { err: error });
    }
  }

  private async isSignedIn(stream: OpenStream): Promise<boolean> {
    try {
      stream.auth = await stream.authenticate();
      return true;
    } catch (error) {
      return !(error instanceof DomainError && error.code === 'unauthorized');
    }
  }
}

function presentStream({ id, auth }: OpenStream, project_id: number): PresentStream {
  return { stream_id: id, project_id, user_id: auth.user.id };
}
