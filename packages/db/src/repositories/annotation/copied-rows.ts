/** `PGCOPY\n\377\r\n\0`, flags and the length of a header extension, which no version of Postgres has used. */
const HEADER_BYTES = 19;
const SIGNATURE = 'PGCOPY\n\xff\r\n\0';
const EPOCH_MS = Date.UTC(2000, 0, 1);
/** More than a chunk of the socket; larger rows make it grow. */
const ROOM = 128 * 1024;

/** Codes of messages, and the length that follows each: it counts itself, not the code. */
const COPY_DATA = 0x64;
const MESSAGE_HEADER = 5;

/**
 * What the server sends while a `COPY … TO STDOUT (FORMAT binary)` runs: numbers come as their eight bytes, so neither side turns them into
 * text and back, and nothing is ever quoted. Give it what the socket gives; after each piece, read rows while `next()` says there is one.
 * A row is a message of its own; what is no row goes to `other`, which must be done with it when it returns.
 * Formats: postgresql.org/docs/current/sql-copy.html, "Binary Format"; protocol-message-formats.html.
 */
export class CopiedRows {
  /** The trailer came: there is no row any more. */
  ended = false;
  /** The same memory for all pieces: a new one for each would pile up faster than it is collected. */
  private bytes: Buffer = Buffer.allocUnsafeSlow(ROOM);
  private view: DataView = new DataView(this.bytes.buffer);
  private position = 0;
  /** Of the current row. */
  private after = 0;
  private end = 0;
  private begun = false;
  private readonly words = new Map<number, string>();

  constructor(private readonly other: (message: Buffer) => void) {}

  push(piece: Buffer): void {
    this.position = this.after;
    if (this.position === this.end) this.position = this.end = 0;
    if (this.end + piece.length > this.bytes.length) this.makeRoom(piece.length);
    piece.copy(this.bytes, this.end);
    this.after = this.position;
    this.end += piece.length;
  }

  /** Moves to the next row; false when it has not arrived as a whole. */
  next(): boolean {
    const { view, bytes, end } = this;
    for (;;) {
      const start = (this.position = this.after);
      if (start + MESSAGE_HEADER > end) return false;
      const length = view.getInt32(start + 1);
      if (length < MESSAGE_HEADER - 1) throw new Error('What the server sent is no message');
      const after = start + 1 + length;
      if (after > end) return false;
      this.after = after;
      if (bytes[start] !== COPY_DATA) {
        this.other(bytes.subarray(start, after));
        continue;
      }
      this.position += MESSAGE_HEADER;
      if (!this.begun) this.begin();
      const fields = view.getInt16(this.position);
      this.position += 2;
      if (fields >= 0) return true;
      this.ended = true;
    }
  }

  /** bigint, exact below 2^53. */
  int8(): number {
    this.length();
    const value = this.view.getInt32(this.position) * 2 ** 32 + this.view.getUint32(this.position + 4);
    this.position += 8;
    return value;
  }

  int8OrNull(): number | null {
    return this.isNull() ? null : this.int8();
  }

  int4(): number {
    this.length();
    const value = this.view.getInt32(this.position);
    this.position += 4;
    return value;
  }

  float8OrNull(): number | null {
    if (this.isNull()) return null;
    this.length();
    const value = this.view.getFloat64(this.position);
    this.position += 8;
    return value;
  }

  /** Numbers of one value (a float8, or a lseg of four) into `into`, from `at` on; false, and nothing is written, when it is null. */
  float8s(into: Float64Array, at: number, count: number): boolean {
    if (this.isNull()) return false;
    this.length();
    for (let n = 0; n < count; n++) into[at + n] = this.view.getFloat64(this.position + 8 * n);
    this.position += 8 * count;
    return true;
  }

  /** ISO 8601 with milliseconds, as every other time of ours. The wire has microseconds since 2000. */
  timestamptz(): string {
    return new Date(EPOCH_MS + this.int8() / 1_000).toISOString();
  }

  timestamptzOrNull(): string | null {
    return this.isNull() ? null : this.timestamptz();
  }

  /** text or json. */
  text(): string {
    const end = this.length() + this.position;
    const value = this.bytes.toString('utf8', this.position, end);
    this.position = end;
    return value;
  }

  /** Passes over text that may be asked for later, as long as the row is the current one; answers where it begins, -1 when it is null. */
  passText(): number {
    if (this.isNull()) return -1;
    const length = this.length();
    this.position += length;
    return this.position - length;
  }

  /** Where what was read or passed last ends. */
  get at(): number {
    return this.position;
  }

  /** Text that was passed. */
  passedText(from: number, to: number): string {
    return this.bytes.toString('utf8', from, to);
  }

  /** The bytes of it, good as long as the row is the current one. */
  passedBytes(from: number, to: number): Uint8Array {
    return this.bytes.subarray(from, to);
  }

  /**
   * Text of which there are a few in ASCII, such as kinds and states: each is made once.
   * @param guess most often the word of the row before
   */
  word(guess = ''): string {
    const length = this.length();
    const { bytes, position } = this;
    if (this.isAt(position, length, guess)) {
      this.position += length;
      return guess;
    }
    let key = length;
    for (let at = position; at < position + length; at++) key = (Math.imul(key, 31) + (bytes[at] as number)) | 0;
    this.position += length;
    const known = this.words.get(key);
    if (known !== undefined && this.isAt(position, length, known)) return known;
    const word = bytes.toString('latin1', position, position + length);
    this.words.set(key, word);
    return word;
  }

  wordOrNull(guess?: string): string | null {
    return this.isNull() ? null : this.word(guess);
  }

  private isAt(position: number, length: number, word: string): boolean {
    if (word.length !== length) return false;
    for (let at = 0; at < length; at++) if (word.charCodeAt(at) !== this.bytes[position + at]) return false;
    return true;
  }

  textOrNull(): string | null {
    return this.isNull() ? null : this.text();
  }

  /** Moves what is not read yet to the beginning, of larger memory if need be. */
  private makeRoom(more: number): void {
    const { bytes, position, end } = this;
    const rest = end - position;
    if (rest + more > bytes.length) {
      this.bytes = Buffer.allocUnsafeSlow(Math.max(rest + more, 2 * bytes.length));
      this.view = new DataView(this.bytes.buffer);
    }
    bytes.copy(this.bytes, 0, position, end);
    this.position = 0;
    this.end = rest;
  }

  private length(): number {
    const length = this.view.getInt32(this.position);
    this.position += 4;
    return length;
  }

  private isNull(): boolean {
    if (this.view.getInt32(this.position) >= 0) return false;
    this.position += 4;
    return true;
  }

  private begin(): void {
    const { bytes, position } = this;
    if (bytes.toString('latin1', position, position + SIGNATURE.length) !== SIGNATURE)
      throw new Error('This is not a binary COPY');
    this.position += HEADER_BYTES;
    this.begun = true;
  }
}
