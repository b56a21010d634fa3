import { BinaryRows } from '../src/repositories/annotation/binary-rows.js';

const HEADER = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
const TRAILER = Buffer.from([0xff, 0xff]);

function field(bytes: Buffer | null): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes?.length ?? -1);
  return Buffer.concat([length, bytes ?? Buffer.alloc(0)]);
}

function copyOf(rows: readonly (readonly (string | null)[])[]): Buffer {
  const count = (fields: readonly unknown[]) => Buffer.from([0, fields.length]);
  const texts = rows.map((row) =>
    Buffer.concat([count(row), ...row.map((text) => field(text === null ? null : Buffer.from(text)))]),
  );
  return Buffer.concat([HEADER, ...texts, TRAILER]);
}

/** Kind and text of every row, read after each piece of `size` bytes. */
function readIn(bytes: Buffer, size: number) {
  const rows = new BinaryRows();
  const found: [string, string | null][] = [];
  for (let at = 0; at < bytes.length; at += size) {
    // The memory of a piece is used again for the next one, as a socket may do.
    const piece = Buffer.from(bytes.subarray(at, at + size));
    rows.push(piece);
    piece.fill(0);
    while (rows.next()) found.push([rows.word(), rows.textOrNull()]);
  }
  return { found, ended: rows.ended };
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
  expect(readIn(copyOf(ROWS), size)).toEqual({ found: ROWS, ended: true });
});

test('what ends inside a row has not ended', () => {
  const bytes = copyOf(ROWS);
  expect(readIn(bytes.subarray(0, bytes.length - 4), 1_000)).toMatchObject({ ended: false });
});
