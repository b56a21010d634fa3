/** `PGCOPY\n\377\r\n\0`, flags and the length of a header extension, which no version of Postgres has used. */
const HEADER_BYTES = 19;
const SIGNATURE = 'PGCOPY\n\xff\r\n\0';
const EPOCH_MS = Date.UTC(2000, 0, 1);
/** More than a chunk of the socket; larger rows make it grow. */
const ROOM = 128 * 1024;

/**
 * Rows of `COPY … TO STDOUT (FORMAT binary)`: numbers come as their eight bytes, so neither side turns them into text and back, and
 * nothing is ever quoted. Give it chunks; after each, read whole rows while `next()` says there is one.
 * Format: postgresql.org/docs/current/sql-copy.html, "Binary Format".
 */
export class BinaryRows {
  /** The trailer came: there is nothing more. */
  ended = false;
  /** The same memory for all chunks: a new one for each would pile up faster than it is collected. */
  private bytes: Buffer = Buffer.allocUnsafeSlow(ROOM);
  private view: DataView = new DataView(this.bytes.buffer);
  private position = 0;
  private end = 0;
  private begun = false;
  private readonly words = new Map<number, string>();

  push(chunk: Buffer): void {
    if (this.position === this.end) this.position = this.end = 0;
    if (this.end + chunk.length > this.bytes.length) this.makeRoom(chunk.length);
    chunk.copy(this.bytes, this.end);
    this.end += chunk.length;
  }

  /** Moves to the next row; false when it has not arrived as a whole. */
  next(): boolean {
    if (!this.begun && !this.begin()) return false;
    const { view } = this;
    let end = this.position + 2;
    if (this.ended || end > this.end) return false;
    const fields = view.getInt16(this.position);
    if (fields < 0) {
      this.ended = true;
      return false;
    }
    for (let field = 0; field < fields; field += 1) {
      if (end + 4 > this.end) return false;
      const length = view.getInt32(end);
      end += length < 0 ? 4 : 4 + length;
    }
    if (end > this.end) return false;
    this.position += 2;
    return true;
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

  /** Text of which there are a few in ASCII, such as kinds and states: each is made once. */
  word(): string {
    const length = this.length();
    const { bytes, position } = this;
    let key = length;
    for (let at = position; at < position + length; at++) key = (Math.imul(key, 31) + (bytes[at] as number)) | 0;
    this.position += length;
    const known = this.words.get(key);
    if (known !== undefined && this.isAt(position, length, known)) return known;
    const word = bytes.toString('latin1', position, position + length);
    this.words.set(key, word);
    return word;
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

  private begin(): boolean {
    if (this.end < HEADER_BYTES) return false;
    if (this.bytes.toString('latin1', 0, SIGNATURE.length) !== SIGNATURE) throw new Error('This is not a binary COPY');
    this.position = HEADER_BYTES;
    this.begun = true;
    return true;
  }
}
