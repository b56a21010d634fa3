import { Readable } from 'node:stream';
import fc from 'fast-check';
import { equalParts } from './equal-parts.js';
import { collect, digest } from './testing/bytes.js';

test('all parts but the last are of the size, there is at least one, and nothing is lost', async () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(chunks, fc.integer({ min: 1, max: 50 }), fc.boolean(), async (pieces, part_size, in_memory) => {
      const whole = Buffer.concat(pieces);
      const body = in_memory ? whole : Readable.from(pieces.map((piece) => Buffer.from(piece)));
      const parts = await collect(equalParts(body, part_size));
      expect(digest(Buffer.concat(parts))).toBe(digest(whole));
      expect(parts.length).toBe(Math.max(1, Math.ceil(whole.length / part_size)));
      expect(parts.slice(0, -1).every((part) => part.length === part_size)).toBe(true);
    }),
  );
});

test('leaving early destroys the stream', async () => {
  const body = Readable.from([Buffer.alloc(10), Buffer.alloc(10), Buffer.alloc(10)]);
  for await (const part of equalParts(body, 5)) {
    expect(part.length).toBe(5);
    break;
  }
  await new Promise(setImmediate);
  expect(body.destroyed).toBe(true);
});

test('text in a stream counts in bytes', async () => {
  const parts = await collect(equalParts(Readable.from(['é', 'ab']), 3));
  expect(parts.map((part) => part.length)).toEqual([3, 1]);
});
