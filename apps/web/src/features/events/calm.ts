/** The shortest and the longest pause between two runs. */
const FIRST_MS = 400;
const LONGEST_MS = 8_000;

/**
 * Gathers things to do and does them together: the first at once, those that follow after a pause that doubles while more
 * keep coming, and never while the one before is still at work. One change is seen immediately, and a project in which a hundred people work does not make each browser
 * read without end.
 */
export class Calm<Item> {
  private readonly waiting = new Map<string, Item>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pause = FIRST_MS;

  constructor(
    private readonly run: (items: readonly Item[]) => Promise<unknown> | void,
    private readonly longest_ms = LONGEST_MS,
  ) {}

  add(key: string, item: Item): void {
    this.waiting.set(key, item);
    if (this.timer === undefined) this.flush();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.waiting.clear();
  }

  private flush(): void {
    // What is added in the same moment runs along.
    const timer = setTimeout(() => {
      const items = [...this.waiting.values()];
      this.waiting.clear();
      const rest = () => {
        if (this.timer === timer) this.rest();
      };
      const work = items.length > 0 ? this.run(items) : undefined;
      if (work) work.then(rest, rest);
      else rest();
    }, 0);
    this.timer = timer;
  }

  private rest(): void {
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.waiting.size === 0) {
        this.pause = FIRST_MS;
        return;
      }
      this.pause = Math.min(this.pause * 2, this.longest_ms);
      this.flush();
    }, this.pause);
  }
}
