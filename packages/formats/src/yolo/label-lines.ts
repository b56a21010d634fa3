import { ascii, ByteWriter } from '../byte-writer.js';

/** Trainers need 6 decimals; 8 keep a hundredth of a pixel apart in any image. */
const DECIMALS = 8;
const LEAST_DECIMALS = 6;
const SCALE = 10 ** DECIMALS;
/** Far above the error of one multiplication, far below what matters. */
const NEAR_HALF = 1e-6;

const ZERO = 0x30;
const SPACE = ascii(' ');
const POINT = 0x2e;
const NEWLINE = ascii('\n');

/**
 * Rows of one label file as bytes, each of them said once. Millions of rows are written here: numbers come digit by digit, and equal
 * rows are found by hash.
 */
export class LabelLines {
  private readonly out = new ByteWriter();
  private readonly starts: number[] = [];
  /** Hash → its last line; and of each line the one before with the same hash, or -1. */
  private readonly lastOf = new Map<number, number>();
  private readonly before: number[] = [];
  private first = 0;
  private start = 0;
  private said = 0;
  private fresh = 0;

  /** What follows, until `annotated`, is one annotation. */
  annotation(): void {
    this.first = this.starts.length;
    this.said = 0;
    this.fresh = 0;
  }

  /** Whether other annotations said the same rows before: none of them, some, or all. */
  annotated(): 'none' | 'some' | 'all' {
    if (this.fresh === this.said) return 'none';
    return this.fresh === 0 ? 'all' : 'some';
  }

  begin(class_index: number): void {
    this.start = this.out.length;
    this.out.number(class_index);
  }

  word(text: string): void {
    this.out.ascii(SPACE);
    this.out.text(text);
  }

  /** `value / of`, as `toFixed(8)` writes it, without zeros behind the sixth decimal. */
  share(value: number, of: number): void {
    const share = Math.min(Math.max(value / of, 0), 1);
    const scaled = share * SCALE;
    let units = Math.round(scaled);
    // Next to a half the product may have been rounded to the other side.
    if (Math.abs(Math.abs(scaled - units) - 0.5) < NEAR_HALF)
      units = Math.round(Number(share.toFixed(DECIMALS)) * SCALE);
    let decimals = DECIMALS;
    let rest = units % SCALE;
    while (decimals > LEAST_DECIMALS && rest % 10 === 0) {
      rest /= 10;
      decimals--;
    }
    const { out } = this;
    out.ascii(SPACE);
    out.reserve(2 + DECIMALS);
    const { bytes, length } = out;
    bytes[length] = ZERO + (units === SCALE ? 1 : 0);
    bytes[length + 1] = POINT;
    for (let at = length + 1 + decimals; at > length + 1; at--) {
      const tenth = (rest / 10) | 0;
      bytes[at] = ZERO + rest - tenth * 10;
      rest = tenth;
    }
    out.length = length + 2 + decimals;
  }

  /** Ends the row; one that was said before is taken back. */
  end(): void {
    const { out, start, starts } = this;
    out.ascii(NEWLINE);
    this.said++;
    const hash = hashOf(out.bytes, start, out.length);
    const last = this.lastOf.get(hash) ?? -1;
    for (let line = last; line >= 0; line = this.before[line] as number) {
      if (!this.isSame(line)) continue;
      if (line >= this.first) this.fresh++;
      out.length = start;
      return;
    }
    this.fresh++;
    this.before.push(last);
    this.lastOf.set(hash, starts.push(start) - 1);
  }

  /** All rows, and an empty file from now on. The bytes are good until something is written. */
  take(): Uint8Array {
    if (this.starts.length > 0) {
      this.starts.length = 0;
      this.before.length = 0;
      this.lastOf.clear();
    }
    return this.out.take();
  }

  /** Whether the row being written is `line`, which ends with a line break as well. */
  private isSame(line: number): boolean {
    const { out, start } = this;
    const from = this.starts[line] as number;
    for (let at = 0; start + at < out.length; at++) if (out.bytes[from + at] !== out.bytes[start + at]) return false;
    return true;
  }
}

/** FNV-1a. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return hash;
}
