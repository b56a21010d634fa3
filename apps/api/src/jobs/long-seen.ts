/** Tells what has been there at every look for a while from what is just passing by. */
export class LongSeen {
  private readonly since = new Map<string, number>();

  constructor(private readonly while_ms: number) {}

  /** Which of those present now are there for that long already. To be asked again and again. */
  of(present: readonly string[]): string[] {
    for (const id of this.since.keys()) if (!present.includes(id)) this.since.delete(id);
    const now = performance.now();
    for (const id of present) if (!this.since.has(id)) this.since.set(id, now);
    return present.filter((id) => now - (this.since.get(id) ?? now) >= this.while_ms);
  }
}
