/** At most so many transfers at once, whichever upload they belong to. */
export class TransferSlots {
  private free: number;
  private waiting = new Set<() => void>();

  constructor(limit: number) {
    this.free = limit;
  }

  /** Takes a slot now, or answers false and calls `onFree` when one may be free. */
  tryTake(onFree: () => void): boolean {
    if (this.free > 0) {
      this.free--;
      return true;
    }
    this.waiting.add(onFree);
    return false;
  }

  give(): void {
    this.free++;
    // All are told: the first may have nothing to send any more.
    const told = this.waiting;
    this.waiting = new Set();
    for (const onFree of told) onFree();
  }
}
