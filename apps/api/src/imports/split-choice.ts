import type { ImportSplits } from '@labelyard/contract';
import type { Split } from '@labelyard/domain';
import type { FoundImage } from './image-finder.js';

/** The splits that files put images into, and what becomes of them. The first one that names an image counts. */
export class SplitChoice {
  /** Of images, by id. */
  readonly chosen = new Map<number, Split>();
  private readonly counts: Partial<Record<Split, number>> = {};
  private differing = 0;

  constructor(private readonly rule: ImportSplits) {}

  add(image: FoundImage, split: Split | null): void {
    if (!split) return;
    this.counts[split] = (this.counts[split] ?? 0) + 1;
    if (this.rule === 'ignore' || image.split === split || this.chosen.has(image.id)) return;
    if (image.split && this.rule === 'fill') this.differing += 1;
    else this.chosen.set(image.id, split);
  }

  /** By the split that the files name. */
  report(): Partial<Record<Split, number>> {
    return { ...this.counts };
  }

  /** What the files say and is not followed, in words; null when there is nothing. */
  remark(): string | null {
    if (this.rule === 'ignore') {
      const said = Object.entries(this.counts)
        .sort(([a], [b]) => (a < b ? 1 : -1))
        .map(([split, count]) => `${count} in ${split}`);
      return said.length === 0 ? null : `The files put images into splits (${said.join(', ')}), which were not asked for; exports may put them elsewhere`; // prettier-ignore
    }
    return this.differing === 0 ? null : `Images that are in another split than the files say, and stay there: ${this.differing}`; // prettier-ignore
  }
}
