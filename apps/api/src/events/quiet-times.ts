/** After so long it makes no difference how long. */
const QUIET_MS = 60_000;

/** When each key was last heard of; forgotten after a minute. */
export class QuietTimes<Key> {
  private readonly last_heard = new Map<Key, number>();
  private all_heard_since = Date.now();

  /** Something may have been missed, of anybody. */
  reset(): void {
    this.all_heard_since = Date.now();
  }

  remember(key: Key): void {
    const now = Date.now();
    // Set anew, so that the oldest comes first.
    this.last_heard.delete(key);
    this.last_heard.set(key, now);
    for (const [old, heard] of this.last_heard) {
      if (now - heard <= QUIET_MS) break;
      this.last_heard.delete(old);
    }
  }

  /** How long nothing was heard; null when it is so long that it does not matter. */
  quietMs(key: Key): number | null {
    const quiet = Date.now() - Math.max(this.last_heard.get(key) ?? 0, this.all_heard_since);
    return quiet > QUIET_MS ? null : quiet;
  }
}
