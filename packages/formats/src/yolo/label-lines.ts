import { ByteWriter } from '../byte-writer.js';

/** Trainers need 6 decimals; 8 keep a hundredth of a pixel apart in any image. */
const DECIMALS = 8;
const LEAST_DECIMALS = 6;
const SCALE = 10 ** DECIMALS;
/** Far above the error of one multiplication, far below what matters. */
const NEAR_HALF = 1e-6;

const ZERO = 0x30;
const SPACE = 0x20;
const POINT = 0x2e;
const NEWLINE = 0x0a;

/**
 * Rows of one label file as bytes, each of them said once. Millions of rows are written here: numbers come digit by digit, and equal
 * rows are found by hash.
 */
export class LabelLines {
  private readonly out = new ByteWriter();
  private readonly index = new LineIndex();
  private first = 0;
  private start = 0;
  private said = 0;
  private fresh = 0;

  /** What follows, until `annotated`, is one annotation. */
  annotation(): void {
    this.first = this.index.count;
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
    this.out.byte(SPACE);
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
    // Whole numbers of 32 bits from here on: a remainder of others takes longer than everything else here.
    let rest = units === SCALE ? 0 : units | 0;
    for (; decimals > LEAST_DECIMALS && rest % 10 === 0; decimals--) rest = (rest / 10) | 0;
    const { out } = this;
    out.byte(SPACE);
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
    const { out, start, index } = this;
    out.byte(NEWLINE);
    this.said++;
    const hash = hashOf(out.bytes, start, out.length);
    for (let line = index.last(hash); line >= 0; line = index.before(line)) {
      if (!this.isSame(index.startOf(line))) continue;
      if (line >= this.first) this.fresh++;
      out.length = start;
      return;
    }
    this.fresh++;
    index.add(hash, start);
  }

  /** All rows, and an empty file from now on. The bytes are good until something is written. */
  take(): Uint8Array {
    this.index.clear();
    return this.out.take();
  }

  /** Whether the row being written is the one at `from`, which ends with a line break as well. */
  private isSame(from: number): boolean {
    const { out, start } = this;
    for (let at = 0; start + at < out.length; at++) if (out.bytes[from + at] !== out.bytes[start + at]) return false;
    return true;
  }
}

/** Lines by hash. The same memory for all files: maps of hundreds of thousands of them would outlive many a collection. */
class LineIndex {
  count = 0;
  private starts = new Int32Array(256);
  private hashes = new Int32Array(256);
  /** Of each line the one before with a hash of the same bucket, or -1. */
  private befores = new Int32Array(256);
  /** Last line of each bucket, counted from 1. */
  private buckets = new Int32Array(512);

  last(hash: number): number {
    return this.like(hash, (this.buckets[hash & (this.buckets.length - 1)] as number) - 1);
  }

  before(line: number): number {
    return this.like(this.hashes[line] as number, this.befores[line] as number);
  }

  startOf(line: number): number {
    return this.starts[line] as number;
  }

  add(hash: number, start: number): void {
    if (this.count === this.starts.length) this.grow();
    this.starts[this.count] = start;
    this.hashes[this.count] = hash;
    this.link(this.count++);
  }

  clear(): void {
    const { hashes, buckets, count } = this;
    for (let line = 0; line < count; line++) buckets[(hashes[line] as number) & (buckets.length - 1)] = 0;
    this.count = 0;
  }

  /** The first of `line` and those before it with this very hash. */
  private like(hash: number, line: number): number {
    const { hashes, befores } = this;
    while (line >= 0 && hashes[line] !== hash) line = befores[line] as number;
    return line;
  }

  private link(line: number): void {
    const bucket = (this.hashes[line] as number) & (this.buckets.length - 1);
    this.befores[line] = (this.buckets[bucket] as number) - 1;
    this.buckets[bucket] = line + 1;
  }

  private grow(): void {
    const larger = (array: Int32Array<ArrayBuffer>) => {
      const grown = new Int32Array(array.length * 2);
      grown.set(array);
      return grown;
    };
    [this.starts, this.hashes, this.befores] = [larger(this.starts), larger(this.hashes), larger(this.befores)];
    this.buckets = new Int32Array(this.buckets.length * 2);
    for (let line = 0; line < this.count; line++) this.link(line);
  }
}

/** FNV-1a. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return hash;
}
