import type { RleCounts } from '@labelyard/domain';

/**
 * Tells the connected parts of a mask apart; pixels that touch at a corner only are not connected. Works on the runs, so that it takes no
 * memory for each pixel.
 */
export class MaskParts {
  /** Runs of set pixels that end at the end of their column, by column: their first pixel and the one behind their last. */
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  /** Of each run: another one of its part, itself for the one that stands for the part. */
  private readonly parents: number[] = [];

  constructor(
    counts: RleCounts,
    private readonly height: number,
  ) {
    let at = 0;
    counts.forEach((count, n) => {
      if (n % 2) this.addRun(at, at + count);
      at += count;
    });
    this.joinNeighbours();
  }

  /** A number that all pixels of a part have in common, for a set pixel. */
  partOf(x: number, y: number): number {
    const pixel = x * this.height + y;
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] as number) <= pixel) low = middle;
      else high = middle - 1;
    }
    return this.rootOf(low);
  }

  private addRun(from: number, to: number): void {
    for (let start = from; start < to;) {
      const end = Math.min(to, (Math.floor(start / this.height) + 1) * this.height);
      this.parents.push(this.starts.length);
      this.starts.push(start);
      this.ends.push(end);
      start = end;
    }
  }

  /** Runs side by side in neighbouring columns: both columns are walked once, in step. */
  private joinNeighbours(): void {
    const { starts, ends, height } = this;
    let left = 0;
    for (let right = 0; right < starts.length; right += 1) {
      const from = (starts[right] as number) - height;
      const to = (ends[right] as number) - height;
      while (left < right && (ends[left] as number) <= from) left += 1;
      for (let run = left; run < right && (starts[run] as number) < to; run += 1) this.join(run, right);
    }
  }

  private join(a: number, b: number): void {
    const [first, second] = [this.rootOf(a), this.rootOf(b)];
    this.parents[Math.max(first, second)] = Math.min(first, second);
  }

  private rootOf(run: number): number {
    let root = run;
    while (this.parents[root] !== root) {
      const above = this.parents[root] as number;
      this.parents[root] = this.parents[above] as number;
      root = above;
    }
    return root;
  }
}
