/** Milliseconds between two reports. */
const EVERY_MS = 500;

/** Turns rows done into a share of all, reported at a bounded rate. What `report` throws comes out of `advance`. */
export class ProgressMeter {
  private done = 0;
  private last: number;

  constructor(
    private readonly total: number,
    private readonly report: (progress: number) => Promise<void>,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.last = now();
  }

  async advance(rows: number): Promise<void> {
    this.done += rows;
    if (this.now() - this.last < EVERY_MS) return;
    // 1 is told by completion alone.
    await this.report(Math.min(0.99, this.done / Math.max(1, this.total)));
    this.last = this.now();
  }
}
