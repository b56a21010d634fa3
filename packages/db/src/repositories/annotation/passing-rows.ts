import type { CopiedRows } from './copied-rows.js';

/** What a cursor stands at: one object, over whose columns `read` goes each time the cursor has moved. */
export interface PassingRow {
  read(): void;
}

/** Rows at hand, each good until the next one is asked for. To be walked to the end: what is left over is waited for. */
export class PassingRows<Row> implements Iterable<Row> {
  /** How many were asked for so far. */
  passed = 0;
  private readonly step: IteratorYieldResult<Row>;

  constructor(
    private readonly rows: CopiedRows,
    private readonly row: Row & PassingRow,
  ) {
    this.step = { done: false, value: row };
  }

  [Symbol.iterator](): Iterator<Row> {
    return this;
  }

  next(): IteratorResult<Row> {
    if (!this.rows.next()) return { done: true, value: undefined };
    this.row.read();
    this.passed++;
    return this.step;
  }
}
