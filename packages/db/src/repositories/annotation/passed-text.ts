import type { CopiedRows } from './copied-rows.js';

/** A text of the row that is the current one, made when it is asked for. */
export class PassedText {
  /** -1 when it is null. */
  private from = -1;
  private to = 0;

  constructor(private readonly rows: CopiedRows) {}

  /** Passes over the column that comes next. */
  pass(): void {
    this.from = this.rows.passText();
    this.to = this.rows.at;
  }

  get isNull(): boolean {
    return this.from < 0;
  }

  /** Not of null. */
  get text(): string {
    return this.rows.passedText(this.from, this.to);
  }

  /** The bytes of it as they came, good as long as the row is the current one. Not of null. */
  get bytes(): Uint8Array {
    return this.rows.passedBytes(this.from, this.to);
  }
}
