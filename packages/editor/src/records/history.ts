import { isEmptyDiff, squashDiffs, EMPTY_DIFF, type ShapesDiff } from './diff.js';

/** A place on the undo stack to come back to. */
export type HistoryMark = number & { readonly mark: unique symbol };

interface Entry {
  readonly diff: ShapesDiff;
  /** Entries with the same key that follow each other closely become one. */
  readonly key: string | null;
}

/** Entries kept per image. */
export const HISTORY_LIMIT = 1000;

/** The undo and redo stacks of one image. It holds diffs and applies nothing: the model does, and tells who did. */
export class History {
  private undos: Entry[] = [];
  private redos: Entry[] = [];
  /** Entries dropped at the bottom, so that marks stay valid numbers. */
  private dropped = 0;

  get canUndo(): boolean {
    return this.undos.length > 0;
  }

  get canRedo(): boolean {
    return this.redos.length > 0;
  }

  /** Adds what was done. A `key` folds it into the previous entry of the same key (a held arrow key is one step). */
  record(diff: ShapesDiff, key: string | null = null): void {
    if (isEmptyDiff(diff)) return;
    this.redos = [];
    const last = this.undos.at(-1);
    if (key !== null && last?.key === key) {
      const squashed = squashDiffs(last.diff, diff);
      this.undos.pop();
      if (!isEmptyDiff(squashed)) this.undos.push({ diff: squashed, key });
      return;
    }
    this.undos.push({ diff, key });
    if (this.undos.length > HISTORY_LIMIT) {
      this.undos.shift();
      this.dropped++;
    }
  }

  /** The next entry will not fold into the last one. */
  seal(): void {
    const last = this.undos.pop();
    if (last) this.undos.push({ ...last, key: null });
  }

  mark(): HistoryMark {
    this.seal();
    return (this.dropped + this.undos.length) as HistoryMark;
  }

  /** Makes everything since the mark one step. */
  squashToMark(mark: HistoryMark): void {
    const diff = this.takeSince(mark);
    if (!isEmptyDiff(diff)) this.undos.push({ diff, key: null });
  }

  /** Forgets everything since the mark and returns it as one diff: the caller takes it back. */
  bailToMark(mark: HistoryMark): ShapesDiff {
    return this.takeSince(mark);
  }

  /** Moves the last step to the redo stack and returns it. */
  undo(): ShapesDiff | null {
    const entry = this.undos.pop();
    if (!entry) return null;
    this.redos.push(entry);
    return entry.diff;
  }

  /** Moves the last undone step back and returns it. */
  redo(): ShapesDiff | null {
    const entry = this.redos.pop();
    if (!entry) return null;
    this.undos.push({ ...entry, key: null });
    return entry.diff;
  }

  private takeSince(mark: HistoryMark): ShapesDiff {
    const since = this.undos.splice(Math.max(mark - this.dropped, 0));
    return since.reduce((diff, entry) => squashDiffs(diff, entry.diff), EMPTY_DIFF);
  }
}
