/** After something was told, what comes within this time is told together: longer where there are many readers to write to. */
const GATHER_MS = { least: 100, per_reader: 5, most: 250 };
/** What is held back at most: a burst must not look as if its readers were slow. */
const MOST_HELD_CHARS = 16 * 1024;

/**
 * Events of one room on their way to its streams. The first after a quiet moment goes at once; where many people work, the
 * others are joined, so that each stream is written to some ten times a second however much happens, and four times where
 * there are fifty of them.
 */
export class GatheredEvents {
  private held: string[] = [];
  private held_chars = 0;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  /** @param readers how many there are now */
  constructor(
    private readonly tell: (text: string) => void,
    private readonly readers: () => number,
  ) {}

  /** @param text one event or several, made by `frame` */
  add(text: string): void {
    this.held.push(text);
    this.held_chars += text.length;
    if (!this.timer || this.held_chars > MOST_HELD_CHARS) this.flush();
  }

  /** Tells now what is held back. */
  flush(): void {
    if (this.held.length === 0) return;
    const text = this.held.join('');
    this.held = [];
    this.held_chars = 0;
    this.wait();
    this.tell(text);
  }

  /** Holds nothing back any more. */
  close(): void {
    this.closed = true;
    this.flush();
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private wait(): void {
    if (this.closed || this.timer) return;
    const { least, per_reader, most } = GATHER_MS;
    const gather_ms = Math.min(most, Math.max(least, per_reader * this.readers()));
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.flush();
    }, gather_ms);
    this.timer.unref();
  }
}
