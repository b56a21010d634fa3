import { PROJECT_EVENT_TYPES, type ProjectEvent } from '@labelyard/contract';

/** The part of the browser's EventSource that is used here. */
export interface EventSourceLike {
  addEventListener(type: string, listener: (event: { data?: unknown }) => void): void;
  close(): void;
}

export interface ProjectStreamOptions {
  readonly connect: () => EventSourceLike;
  /** Whether the browser's session still stands, or has been replaced by another one. */
  readonly signedIn: () => Promise<boolean>;
  /** How long ago what the page shows may have been read at the most, in milliseconds. */
  readonly pageAge: () => number;
  readonly random?: () => number;
}

/** `resync` here means: connected (again) after events may have been missed. */
export type StreamListener = (event: ProjectEvent) => void;

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
/** A browser that changed its password gets a new cookie at the moment its old session ends. */
const SIGNED_OUT_MS = 1_000;
/** The server says something every 15 seconds. */
const SILENCE_MS = 40_000;

/**
 * One tab's line to the events of one project, or to the person's own, opened again whenever it breaks: after a growing, random pause, so that a
 * thousand tabs do not come back at once. The server sends nothing twice; after a break everything shown is read anew.
 */
export class ProjectStream {
  /** The server's name of the present line; null while there is none. */
  stream_id: string | null = null;
  private readonly listeners = new Set<StreamListener>();
  private source: EventSourceLike | null = null;
  private failures = 0;
  private greeted = false;
  private ended = false;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watchdog: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: ProjectStreamOptions) {}

  get isOpen(): boolean {
    return this.stream_id !== null;
  }

  subscribe(listener: StreamListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Connects now, whatever was planned. Does nothing on a line that stands. */
  open(): void {
    if (this.source) return;
    this.ended = false;
    clearTimeout(this.retry);
    const source = this.options.connect();
    this.source = source;
    this.watch();
    const current = () => this.source === source;
    for (const type of PROJECT_EVENT_TYPES)
      source.addEventListener(type, ({ data }) => {
        if (!current()) return;
        this.watch();
        this.take(JSON.parse(String(data)) as ProjectEvent);
      });
    source.addEventListener('error', () => {
      if (current()) this.again();
    });
  }

  /** Lets go of the line; `open` takes it up again. */
  pause(): void {
    clearTimeout(this.retry);
    clearTimeout(this.watchdog);
    this.source?.close();
    this.source = null;
    this.stream_id = null;
  }

  private take(event: ProjectEvent): void {
    if (event.type === 'beat') return;
    if (event.type === 'gone') {
      this.pause();
      this.ended = true;
      if (event.reason === 'signed_out') {
        this.retry = setTimeout(() => void this.askSession(event), SIGNED_OUT_MS);
        return;
      }
    }
    if (event.type === 'hello') {
      this.failures = 0;
      this.stream_id = event.stream_id;
      // What this page shows was read before the line stood: it counts unless nothing happened since.
      const missed = this.greeted || (event.quiet_ms !== null && event.quiet_ms < this.options.pageAge());
      this.greeted = true;
      this.tell(event);
      if (missed) this.tell({ type: 'resync' });
      return;
    }
    this.tell(event);
  }

  private async askSession(gone: ProjectEvent): Promise<void> {
    const stands = await this.options.signedIn();
    if (!this.ended) return;
    if (stands) this.open();
    else this.tell(gone);
  }

  private tell(event: ProjectEvent): void {
    for (const listener of [...this.listeners]) listener(event);
  }

  private again(): void {
    this.pause();
    if (this.ended) return;
    const delay = Math.min(FIRST_DELAY_MS * 2 ** this.failures, LONGEST_DELAY_MS);
    this.failures += 1;
    const { random = Math.random } = this.options;
    this.retry = setTimeout(() => this.open(), delay * (0.5 + random() / 2));
  }

  /** A line may die without a word, as when a laptop sleeps. */
  private watch(): void {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => this.again(), SILENCE_MS);
  }
}
