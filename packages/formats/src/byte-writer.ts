const encoder = new TextEncoder();

const CHUNK = 256 * 1024;
const ZERO = 0x30;
const POINT = 0x2e;
/** A digit-by-digit number of ours: up to 10 digits, a point, 6 decimals, or what `String` makes of any number. */
const LONGEST_NUMBER = 32;
const LARGEST_INT = 0x7fff_ffff;
const SCALE = 1e6;

/** Bytes of a piece of ASCII that is written often. */
export function ascii(text: string): Uint8Array {
  return encoder.encode(text);
}

/** At most 6 decimals: takes away floating-point noise such as 30.299999999999997 and, at our smallest shape of 0.001 px, nothing else. */
export function rounded(value: number): number {
  return Math.round(value * SCALE) / SCALE;
}

/**
 * Text as UTF-8 bytes, a chunk at a time. Writing millions of short rows as strings costs twice: the pieces are joined, then encoded;
 * here both happen in place. `bytes` may be written directly after `reserve`; `length` may be set back to undo.
 */
export class ByteWriter {
  bytes = new Uint8Array(CHUNK);
  length = 0;

  /** Makes room for `more` bytes behind `length`. */
  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.length + more, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  ascii(piece: Uint8Array): void {
    this.reserve(piece.length);
    for (let at = 0; at < piece.length; at++) this.bytes[this.length++] = piece[at] as number;
  }

  text(text: string): void {
    this.length += this.textAt(text, 0);
  }

  /** Encodes `text` at `ahead` bytes behind `length` without moving `length`; answers the number of bytes. */
  textAt(text: string, ahead: number): number {
    this.reserve(ahead + text.length * 3);
    return encoder.encodeInto(text, this.bytes.subarray(this.length + ahead)).written;
  }

  /** The shortest decimal that reads back as `value`, like `String(value)`; fast for numbers of at most 6 decimals. */
  number(value: number): void {
    const scaled = Math.round(value * SCALE);
    const whole = Math.trunc(scaled / SCALE);
    if (!(value >= 0 && whole <= LARGEST_INT && scaled / SCALE === value)) return this.text(String(value));
    this.reserve(LONGEST_NUMBER);
    this.digits(whole);
    let decimals = scaled - whole * SCALE;
    if (decimals === 0) return;
    this.bytes[this.length++] = POINT;
    for (let unit = SCALE / 10; decimals > 0; unit /= 10) {
      const digit = (decimals / unit) | 0;
      this.bytes[this.length++] = ZERO + digit;
      decimals -= digit * unit;
    }
  }

  private digits(whole: number): void {
    let places = 1;
    for (let bound = 10; bound <= whole; bound *= 10) places++;
    let rest = whole | 0;
    for (let at = this.length + places - 1; at >= this.length; at--) {
      const tenth = (rest / 10) | 0;
      this.bytes[at] = ZERO + rest - tenth * 10;
      rest = tenth;
    }
    this.length += places;
  }

  /** Whether enough came together to hand it on. */
  get full(): boolean {
    return this.length >= CHUNK - CHUNK / 8;
  }

  /**
   * What was written since the last call, until something is written again: a new chunk of memory for each piece of a large file would
   * pile up faster than it is collected.
   */
  take(): Uint8Array {
    const taken = this.bytes.subarray(0, this.length);
    this.length = 0;
    return taken;
  }
}
