import { hasImageEnding } from './image-ending.js';

/** A file of these bytes, and how often it was read. */
function fileOf(bytes: Buffer) {
  let reads = 0;
  const at = (position: number, length: number) => {
    reads += 1;
    return bytes.subarray(position, position + length);
  };
  return { file: { size: bytes.length, at }, reads: () => reads };
}

const START = Buffer.from([0xff, 0xd8]);
const COMMENT = Buffer.from([0xff, 0xfe, 0x00, 0x02]);
const SCAN = Buffer.from([0xff, 0xda, 0x00, 0x02, 0x12, 0x34]);
const END = Buffer.from([0xff, 0xd9]);
const MEGABYTE = 1024 * 1024;

test.each([
  ['fill bytes', Buffer.alloc(MEGABYTE, 0xff)],
  ['empty segments', Buffer.alloc(MEGABYTE, COMMENT)],
])('a megabyte of %s before the first scan is read in large pieces', async (_what, filling) => {
  for (const [whole, bytes] of [
    [true, Buffer.concat([START, filling, SCAN, END])],
    [false, Buffer.concat([START, filling, SCAN])],
    [false, Buffer.concat([START, filling])],
  ] as const) {
    const { file, reads } = fileOf(bytes);
    expect(await hasImageEnding(file, 'jpeg')).toBe(whole);
    expect(reads()).toBeLessThan(50);
  }
});

test('a segment that begins anywhere in a piece is found', async () => {
  for (let shift = 0; shift < 8; shift += 1) {
    const filling = Buffer.alloc(64 * 1024 - shift, 0xff);
    const { file } = fileOf(Buffer.concat([START, filling, COMMENT, SCAN, END]));
    expect(await hasImageEnding(file, 'jpeg')).toBe(true);
  }
});
