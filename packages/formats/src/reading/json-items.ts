import { UnreadableFile } from './unreadable-file.js';

/**
 * A piece of a large JSON file: an element of one of the lists asked for (`key` names the list, empty when the file itself is a list),
 * or any other member of the top object (`index` null). `error` says why this piece alone is no JSON; the others are not affected.
 */
export interface JsonItem {
  readonly key: string;
  readonly index: number | null;
  readonly line: number;
  readonly value?: unknown;
  readonly error?: string;
}

export interface JsonLimits {
  readonly max_depth: number;
  /** Bytes of one element. */
  readonly max_item: number;
}

export interface JsonReading {
  /** Of these lists only the first element is told, without its value: that there are any. */
  readonly unread?: readonly string[];
  readonly limits?: JsonLimits;
}

export const JSON_LIMITS: JsonLimits = { max_depth: 100, max_item: 64 * 1024 * 1024 };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const isSpace = (byte: number): boolean => byte === 0x20 || byte === NEWLINE || byte === 0x0d || byte === 0x09;

/** An element as it was cut out, parsed when somebody looks at it: values of a whole chunk at once would be memory that ages. */
interface JsonPiece extends Pick<JsonItem, 'key' | 'index' | 'line'> {
  readonly parts: readonly Uint8Array[];
}

/**
 * Cuts JSON at the commas of its top levels and hands each piece to `JSON.parse`: the file is never in memory, and the scan looks
 * at four kinds of bytes only. Streaming parsers that build values token by token were measured four times slower (README.md).
 */
class JsonCutter {
  private readonly items: (JsonItem | JsonPiece)[] = [];
  private readonly closers: number[] = [];
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  private readonly counts = new Map<string, number>();
  private parts: Uint8Array[] = [];
  private partBytes = 0;
  /** Level at which pieces are cut: 1 is the top, 2 the list `list`. */
  private cutLevel = 1;
  private list: string | null = null;
  private inString = false;
  private escaped = false;
  private started = false;
  private done = false;
  private line = 1;
  /** Where the piece began, null while only white space was seen. */
  private itemLine: number | null = null;
  /** Whether a comma was the last thing seen at this level. */
  private afterComma = false;
  /** Whether a closed list was the value of the member: nothing more may come before the comma. */
  private afterList = false;

  constructor(
    private readonly lists: ReadonlySet<string>,
    private readonly unread: ReadonlySet<string>,
    private readonly limits: JsonLimits,
  ) {}

  push(bytes: Uint8Array): Iterable<JsonItem> {
    let from = 0;
    for (let at = 0; at < bytes.length; at++) {
      if (this.inString) at = this.passString(bytes, at);
      if (this.itemLine !== null) at = this.passPlain(bytes, at);
      if (at === bytes.length) break;
      const byte = bytes[at] as number;
      if (isSpace(byte)) {
        if (byte === NEWLINE) this.line++;
        continue;
      }
      if (!this.started) {
        if (byte !== OPEN_OBJECT && byte !== OPEN_LIST)
          throw this.broken('bad_json', 'The file is no JSON object or list');
        this.started = true;
        this.open(byte);
        if (byte === OPEN_LIST) this.list = '';
        from = at + 1;
        continue;
      }
      if (this.done) throw this.broken('bad_json', 'Something follows the end of the JSON');
      const level = this.closers.length;
      if (byte === COMMA && level === this.cutLevel) {
        this.collect(bytes.subarray(from, at));
        this.cut();
        this.afterComma = true;
        from = at + 1;
        continue;
      }
      if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
        if (this.closers.pop() !== byte) throw this.broken('bad_json', 'A bracket closes what it did not open');
        if (level !== this.cutLevel) continue;
        this.collect(bytes.subarray(from, at));
        if (this.itemLine !== null || this.afterComma) this.cut();
        from = at + 1;
        this.leave();
        continue;
      }
      if (this.afterList) throw this.broken('bad_json', 'A comma is missing after a list');
      this.itemLine ??= this.line;
      this.afterComma = false;
      if (byte === QUOTE) this.inString = true;
      else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
        if (byte === OPEN_LIST && level === 1 && this.list === null) {
          this.collect(bytes.subarray(from, at));
          from = at;
          if (this.enterList()) from = at + 1;
        }
        this.open(byte);
      }
    }
    this.collect(bytes.subarray(from));
    return this.read(this.items.splice(0));
  }

  /** Where the string ends, behind its quotation mark. */
  private passString(bytes: Uint8Array, at: number): number {
    let { escaped } = this;
    for (; at < bytes.length; at++) {
      const byte = bytes[at];
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = true;
      else if (byte === QUOTE) {
        this.inString = false;
        at++;
        break;
      }
    }
    this.escaped = escaped;
    return at;
  }

  /** Digits, points and letters inside a piece, and commas further in: nothing to decide. */
  private passPlain(bytes: Uint8Array, at: number): number {
    const least = this.closers.length > this.cutLevel ? COMMA : COMMA + 1;
    for (; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte < least || byte >= OPEN_LIST) break;
    }
    return at;
  }

  end(): void {
    if (!this.started) throw this.broken('empty_file', 'The file is empty');
    if (!this.done) throw this.broken('truncated', 'The JSON ends in the middle');
  }

  private open(byte: number): void {
    if (this.closers.length >= this.limits.max_depth) {
      throw this.broken('too_deep', `The JSON is nested deeper than ${this.limits.max_depth} levels`);
    }
    this.closers.push(byte === OPEN_LIST ? CLOSE_LIST : CLOSE_OBJECT);
  }

  /** `"key":` was collected and a list begins. */
  private enterList(): boolean {
    let key: string | undefined;
    try {
      [key] = Object.keys(JSON.parse(`{${this.text(this.parts)}0}`) as object);
    } catch {
      throw this.broken('bad_json', 'A list has no key');
    }
    if (key === undefined || !this.lists.has(key)) return false;
    this.reset();
    this.list = key;
    this.cutLevel = 2;
    return true;
  }

  private leave(): void {
    this.afterComma = false;
    if (this.cutLevel === 2) {
      this.cutLevel = 1;
      this.list = null;
      this.afterList = true;
      this.reset();
    } else {
      this.done = true;
    }
  }

  private collect(bytes: Uint8Array): void {
    if (this.done || bytes.length === 0) return;
    this.partBytes += bytes.length;
    if (this.partBytes > this.limits.max_item) {
      throw this.broken('too_large', `One value is larger than ${this.limits.max_item} bytes`);
    }
    if (this.list === null || !this.unread.has(this.list)) this.parts.push(bytes);
  }

  private text(parts: readonly Uint8Array[]): string {
    if (parts.length === 1) return this.decoder.decode(parts[0]);
    let text = '';
    for (const part of parts) text += this.decoder.decode(part, { stream: true });
    return text + this.decoder.decode();
  }

  private reset(): void {
    this.parts = [];
    this.partBytes = 0;
    this.itemLine = null;
  }

  private cut(): void {
    const line = this.itemLine ?? this.line;
    if (this.afterList && this.itemLine === null) {
      this.afterList = false;
      return this.reset();
    }
    if (this.list !== null) {
      const index = this.counts.get(this.list) ?? 0;
      this.counts.set(this.list, index + 1);
      if (!this.unread.has(this.list)) this.items.push({ key: this.list, index, line, parts: this.parts });
      else if (index === 0) this.items.push({ key: this.list, index, line });
    } else {
      const { value, error } = this.parsed('{', this.parts, '}');
      if (error !== undefined) throw new UnreadableFile('bad_json', error, line);
      for (const [key, member] of Object.entries(value as object)) {
        this.items.push({ key, index: null, line, value: member });
      }
    }
    this.reset();
  }

  private *read(pieces: readonly (JsonItem | JsonPiece)[]): Generator<JsonItem> {
    for (const piece of pieces) {
      if (!('parts' in piece)) yield piece;
      else yield { key: piece.key, index: piece.index, line: piece.line, ...this.parsed('', piece.parts, '') };
    }
  }

  private parsed(before: string, parts: readonly Uint8Array[], after: string): { value?: unknown; error?: string } {
    try {
      return { value: JSON.parse(before + this.text(parts) + after) as unknown };
    } catch (error) {
      return { error: error instanceof SyntaxError ? error.message : 'The text is not UTF-8' };
    }
  }

  private broken(code: UnreadableFile['code'], message: string): UnreadableFile {
    return new UnreadableFile(code, message, this.line);
  }
}

/**
 * Members of a JSON object, with the elements of `lists` one by one; or the elements of a file that is a list. In batches, each to be
 * walked once before the next is asked for: waiting for each of a million elements would take longer than reading them. Throws
 * `UnreadableFile` when the file cannot be cut any further.
 */
export async function* jsonItems(
  chunks: AsyncIterable<Uint8Array>,
  lists: readonly string[],
  { unread = [], limits = JSON_LIMITS }: JsonReading = {},
): AsyncGenerator<Iterable<JsonItem>> {
  const cutter = new JsonCutter(new Set(lists), new Set(unread), limits);
  for await (const chunk of chunks) yield cutter.push(chunk);
  cutter.end();
}
