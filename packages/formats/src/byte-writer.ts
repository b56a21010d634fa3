const encoder = new TextEncoder();

const CHUNK = 256 * 1024;
const ZERO = 0x30;
const POINT = 0x2e;
/** A digit-by-digit number of ours: up to 10 digits, a point, 6 decimals, or what `String` makes of any number. */
const LONGEST_NUMBER = 32;
const LARGEST_INT = 0x7fff_ffff;
const DECIMALS = 6;
const SCALE = 10 ** DECIMALS;

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
    const { bytes, length } = this;
    // Shorter than what calling for native help costs.
    for (let at = 0; at < piece.length; at++) bytes[length + at] = piece[at] as number;
    this.length = length + piece.length;
  }

  /** Writes once more what stands between two places. */
  again(from: number, to: number): void {
    this.reserve(to - from);
    const { bytes } = this;
    let { length } = this;
    for (let at = from; at < to; at++) bytes[length++] = bytes[at] as number;
    this.length = length;
  }

  /** Where `byte` stands next, from `at` on. It must. */
  indexOf(byte: number, at: number): number {
    const { bytes } = this;
    while (bytes[at] !== byte) at++;
    return at;
  }

  text(text: string): void {
    this.length += this.textAt(text, 0);
  }

  /** Encodes `text` at `ahead` bytes behind `length` without moving `length`; answers the number of bytes. */
  textAt(text: string, ahead: number): number {
    this.reserve(ahead + text.length * 3);
    return encoder.encodeInto(text, this.bytes.subarray(this.length + ahead)).written;
  }

  byte(code: number): void {
    this.reserve(1);
    this.bytes[this.length++] = code;
  }

  /** The shortest decimal that reads back as `value`, like `String(value)`; fast for numbers of at most 6 decimals. */
  number(value: number): void {
    // Most coordinates are drawn to a hundredth of a pixel. As whole numbers they need no memory of their own on the way.
    const hundredths = Math.round(value * 100);
    if (value >= 0 && hundredths <= LARGEST_INT && hundredths / 100 === value) this.hundredths(hundredths | 0);
    else this.decimal(value);
  }

  private hundredths(value: number): void {
    this.reserve(LONGEST_NUMBER);
    const whole = (value / 100) | 0;
    const rest = value - whole * 100;
    const at = this.digits(whole);
    if (rest === 0) {
      this.length = at;
      return;
    }
    const { bytes } = this;
    const tenth = (rest / 10) | 0;
    const hundredth = rest - tenth * 10;
    bytes[at] = POINT;
    bytes[at + 1] = ZERO + tenth;
    bytes[at + 2] = ZERO + hundredth;
    this.length = at + (hundredth === 0 ? 2 : 3);
  }

  private decimal(value: number): void {
    const scaled = Math.round(value * SCALE);
    if (!(value >= 0 && value <= LARGEST_INT && scaled / SCALE === value)) return this.text(String(value));
    this.reserve(LONGEST_NUMBER);
    const { bytes } = this;
    const whole = value | 0;
    let at = this.digits(whole);
    let rest = (scaled - whole * SCALE) | 0;
    if (rest > 0) {
      bytes[at++] = POINT;
      let places = DECIMALS;
      for (; rest % 10 === 0; places--) rest = (rest / 10) | 0;
      for (let place = at + places - 1; place >= at; place--) {
        const tenth = (rest / 10) | 0;
        bytes[place] = ZERO + rest - tenth * 10;
        rest = tenth;
      }
      at += places;
    }
    this.length = at;
  }

  /** Answers where they end. */
  private digits(whole: number): number {
    const { bytes, length } = this;
    let places = 1;
    for (let bound = 10; bound <= whole; bound *= 10) places++;
    let rest = whole | 0;
    for (let at = length + places - 1; at >= length; at--) {
      const tenth = (rest / 10) | 0;
      bytes[at] = ZERO + rest - tenth * 10;
      rest = tenth;
    }
    return length + places;
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
