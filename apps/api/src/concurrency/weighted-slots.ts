/** Lets a bounded amount of work run at once; what does not fit waits in order of arrival. */
export class WeightedSlots {
  private free: number;
  private readonly waiting: { weight: number; start: () => void }[] = [];

  constructor(private readonly total: number) {
    this.free = total;
  }

  /** Runs `work` while it holds `weight` slots; heavier than all together counts as all. */
  async run<T>(weight: number, work: () => Promise<T>): Promise<T> {
    const held = Math.max(1, Math.min(weight, this.total));
    await this.take(held);
    try {
      return await work();
    } finally {
      this.free += held;
      this.startWaiting();
    }
  }

  /** Resolves when something that begins now would not have to wait behind others. */
  async waitForRoom(): Promise<void> {
    await this.take(1);
    this.free += 1;
    this.startWaiting();
  }

  private take(weight: number): Promise<void> {
    if (this.waiting.length === 0 && this.free >= weight) {
      this.free -= weight;
      return Promise.resolve();
    }
    return new Promise((start) => this.waiting.push({ weight, start }));
  }

  private startWaiting(): void {
    // Strictly in order, so that a heavy one is not overtaken for ever.
    for (let next = this.waiting[0]; next && this.free >= next.weight; next = this.waiting[0]) {
      this.waiting.shift();
      this.free -= next.weight;
      next.start();
    }
  }
}
