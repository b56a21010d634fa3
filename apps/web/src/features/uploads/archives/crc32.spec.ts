import { crc32 as reference } from 'node:zlib';
import { crc32 } from './crc32';

test('the checksum is the one ZIP uses, in one go and in pieces', () => {
  const bytes = new TextEncoder().encode('123456789');
  expect(crc32(bytes)).toBe(0xcbf43926);
  expect(crc32(bytes.subarray(4), crc32(bytes.subarray(0, 4)))).toBe(0xcbf43926);
  const many = Uint8Array.from({ length: 5_000 }, (_, n) => (n * 7_919) & 0xff);
  expect(crc32(many)).toBe(reference(many));
  expect(crc32(new Uint8Array())).toBe(0);
});
