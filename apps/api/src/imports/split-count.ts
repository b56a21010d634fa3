import type { Split } from '@labelyard/domain';

/**
 * Images by the split that files put them into. We keep none: of an image it follows from the path alone. Who trains and tests on what
 * was imported must know.
 */
export class SplitCount {
  private readonly counts = new Map<Split, number>();

  add(split: Split | null): void {
    if (split) this.counts.set(split, (this.counts.get(split) ?? 0) + 1);
  }

  /** Null when the files say nothing of splits. */
  remark(): string | null {
    if (this.counts.size === 0) return null;
    const said = [...this.counts].sort(([a], [b]) => (a < b ? 1 : -1)).map(([split, count]) => `${count} in ${split}`);
    return `The files put images into splits (${said.join(', ')}); here the split of an image follows from its path, and exports may put it elsewhere`; // prettier-ignore
  }
}
