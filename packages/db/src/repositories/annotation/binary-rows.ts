/** `PGCOPY\n\377\r\n\0`, flags and the length of a header extension, which no version of Postgres has used. */
const HEADER_BYTES = 19;
const SIGNATURE = 'PGCOPY\n\xff\r\n\0';
const EPOCH_MS = Date.UTC(2000, 0, 1);

/**
 * Rows of `COPY … TO STDOUT (FORMAT binary)`: numbers come as their eight bytes, so neither side turns them into text and back, and
 * nothing is ever quoted. Give it chunks; after each, read whole rows while `next()` says there is one.
 * Format: postgresql.org/docs/current/sql-copy.html, "Binary Format".
 */
export class BinaryRows {
  /** The trailer came: there is nothing more. */
  ended = false;
  private bytes: Buffer = Buffer.alloc(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  private position = 0;
  private begun = false;

  push(chunk: Buffer): void {
    const rest = this.bytes.subarray(this.position);
    this.bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
    this.position = 0;
  }

  /** Moves to the next row; false when it has not arrived as a whole. */
  next(): boolean {
    if (!this.begun && !this.begin()) return false;
    const { view, bytes } = this;
    let end = this.position + 2;
    if (this.ended || end > bytes.length) return false;
    const fields = view.getInt16(this.position);
    if (fields < 0) {
      this.ended = true;
      return false;
    }
    for (let field = 0; field < fields; field += 1) {
      if (end + 4 > bytes.length) return false;
      const length = view.getInt32(end);
      end += length < 0 ? 4 : 4 + length;
    }
    if (end > bytes.length) return false;
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

  textOrNull(): string | null {
    return this.isNull() ? null : this.text();
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
    if (this.bytes.length < HEADER_BYTES) return false;
    if (this.bytes.toString('latin1', 0, SIGNATURE.length) !== SIGNATURE) throw new Error('This is not a binary COPY');
    this.position = HEADER_BYTES;
    this.begun = true;
    return true;
  }
}
