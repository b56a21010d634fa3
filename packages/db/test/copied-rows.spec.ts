import { CopiedRows } from '../src/repositories/annotation/copied-rows.js';

const HEADER = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
const TRAILER = Buffer.from([0xff, 0xff]);

function field(bytes: Buffer | null): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes?.length ?? -1);
  return Buffer.concat([length, bytes ?? Buffer.alloc(0)]);
}

function message(code: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(content.length + 4);
  return Buffer.concat([Buffer.from(code), length, content]);
}

const OTHERS = [
  message('H', Buffer.from([1, 0, 2])),
  message('S', Buffer.from('a\0b\0')),
  message('c', Buffer.alloc(0)),
];

/** As the server sends it: a row is a message, the first one behind the header; others may come in between. */
function copyOf(rows: readonly (readonly (string | Buffer | null)[])[]): Buffer {
  const count = (fields: readonly unknown[]) => Buffer.from([0, fields.length]);
  const texts = rows.map((row) =>
    Buffer.concat([count(row), ...row.map((text) => field(text === null ? null : Buffer.from(text as string)))]),
  );
  const data = [...texts, TRAILER].map((row, n) => message('d', n === 0 ? Buffer.concat([HEADER, row]) : row));
  const [begun, changed, done] = OTHERS as [Buffer, Buffer, Buffer];
  return Buffer.concat([begun, ...data.slice(0, 1), changed, ...data.slice(1), done]);
}

/** Kind and text of every row, read after each piece of `size` bytes. */
function readIn(bytes: Buffer, size: number) {
  const others: Buffer[] = [];
  const rows = new CopiedRows((other) => void others.push(Buffer.from(other)));
  const found: [string, string | null][] = [];
  for (let at = 0; at < bytes.length; at += size) {
    // The memory of a piece is used again for the next one, as a socket may do.
    const piece = Buffer.from(bytes.subarray(at, at + size));
    rows.push(piece);
    piece.fill(0);
    while (rows.next()) found.push([rows.word(), rows.textOrNull()]);
  }
  return { found, ended: rows.ended, others };
}

const ROWS = [
  ['bbox', '한글'],
  ['polygon', null],
  ['bbox', ''],
  ['mask', 'm'.repeat(300_000)],
  // Two words with one hash: each stays what it is.
  ['Aa', 'first'],
  ['BB', 'second'],
  ['Aa', 'third'],
] as [string, string | null][];

test.each([7, 64, 65_536, 10_000_000])('rows cut into pieces of %d bytes come out whole', (size) => {
  expect(readIn(copyOf(ROWS), size)).toEqual({ found: ROWS, ended: true, others: OTHERS });
});

test('no row at all', () => {
  expect(readIn(copyOf([]), 7)).toEqual({ found: [], ended: true, others: OTHERS });
});

test('what ends inside a row has not ended', () => {
  const bytes = copyOf(ROWS);
  expect(readIn(bytes.subarray(0, bytes.length - 10), 1_000)).toMatchObject({ ended: false });
});

test('a row of which nothing was read is passed over', () => {
  const rows = new CopiedRows(() => undefined);
  rows.push(copyOf(ROWS));
  expect([rows.next(), rows.next()]).toEqual([true, true]);
  expect(rows.word()).toBe('polygon');
});

test('text that passes is read when it is asked for', () => {
  const rows = new CopiedRows(() => undefined);
  rows.push(copyOf([['bbox', '한글'], ['bbox', null]])); // prettier-ignore
  rows.next();
  rows.word();
  const from = rows.passText();
  expect(rows.passedText(from, rows.at)).toBe('한글');
  expect(Buffer.from(rows.passedBytes(from, rows.at)).toString()).toBe('한글');
  rows.next();
  expect([rows.word('bbox'), rows.passText()]).toEqual(['bbox', -1]);
});

test('what is no message is refused rather than waited for', () => {
  const rows = new CopiedRows(() => undefined);
  rows.push(Buffer.from([0x64, 0, 0, 0, 1, 0, 0]));
  expect(() => rows.next()).toThrow('no message');
});

test('several numbers of one value, and a word that is null', () => {
  const four = Buffer.alloc(32);
  [1.5, -2, 1e300, 0.1].forEach((number, n) => four.writeDoubleBE(number, 8 * n));
  const rows = new CopiedRows(() => undefined);
  rows.push(
    copyOf([
      [four, null],
      [null, 'mask'],
    ]),
  );
  const numbers = new Float64Array(6).fill(7);
  rows.next();
  expect(rows.float8s(numbers, 1, 4)).toBe(true);
  expect([...numbers]).toEqual([7, 1.5, -2, 1e300, 0.1, 7]);
  expect(rows.wordOrNull('mask')).toBeNull();
  rows.next();
  expect(rows.float8s(numbers, 0, 4)).toBe(false);
  expect(numbers[0]).toBe(7);
  expect(rows.wordOrNull('bbox')).toBe('mask');
});
