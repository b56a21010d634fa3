import { openSync, readFileSync, writeFileSync, writeSync, closeSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { noFindings, type Finding } from '../../src/storage/check/findings.js';
import { checkBuckets, type CheckLevel, type CheckReport } from '../../src/storage/check/check-buckets.js';
import { openRecord } from '../../src/storage/record/copy-record.js';
import type { Reference } from '../../src/storage/references/reference.js';
import { syncBucket } from '../../src/storage/sync-bucket.js';
import { fill, twoDisks } from './two-sides.js';

const signal = new AbortController().signal;

async function check(
  { from, to, folder }: ReturnType<typeof twoDisks>,
  level: CheckLevel,
  references?: AsyncIterable<Reference>,
): Promise<CheckReport> {
  const record = await openRecord(folder);
  try {
    return await checkBuckets({ source: from, target: to, record, level, references, signal });
  } finally {
    await record.close();
  }
}

/** What was found, with the keys. */
function told({ findings }: CheckReport): Partial<Record<Finding, string[]>> {
  return Object.fromEntries(
    (Object.keys(noFindings()) as Finding[])
      .filter((name) => findings[name].objects > 0)
      .map((name) => [name, findings[name].samples]),
  );
}

async function copied(objects: Record<string, string | Buffer>) {
  const sides = twoDisks();
  await fill(sides.from, objects);
  await syncBucket({ source: sides.from, target: sides.to, folder: sides.folder, signal });
  return sides;
}

/** Flips one bit of a stored file, as a failing disk would. */
function flipBit(root: string, name: string): void {
  const path = join(
    root,
    readdirSync(root, { recursive: true, encoding: 'utf8' }).find((file) => file.endsWith(`objects/${name}`)) as string,
  );
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.from([(readFileSync(path)[0] as number) ^ 1]), 0, 1, 0);
  closeSync(file);
}

const OBJECTS = { 'a.jpg': 'aaaa', 'b.jpg': 'bbbb', 'c.png': Buffer.alloc(2_000_000, 9) };

test.each(['size', 'sha256', 'full'] as const)('what was copied is equal (%s)', async (level) => {
  using sides = await copied(OBJECTS);
  expect(await check(sides, level)).toMatchObject({ equal: true, sound: true, compared: 3, bytes: 2_000_008 });
});

test('finds what is missing, extra and of another size, at every level', async () => {
  using sides = await copied(OBJECTS);
  await sides.to.delete('a.jpg');
  await fill(sides.to, { 'b.jpg': 'longer than before', 'z.jpg': 'z' });
  for (const level of ['size', 'sha256', 'full'] as const) {
    const report = await check(sides, level);
    expect(report.equal).toBe(false);
    expect(told(report)).toEqual({ missing: ['a.jpg'], size: ['b.jpg'], extra: ['z.jpg'] });
  }
});

test('finds one flipped bit by reading', async () => {
  using sides = await copied(OBJECTS);
  flipBit(join(sides.root, 'to'), 'b.jpg');
  expect(told(await check(sides, 'full'))).toEqual({ bytes: ['b.jpg'] });
});

test('finds other bytes of the same size and another content type', async () => {
  using sides = await copied(OBJECTS);
  await fill(sides.to, { 'a.jpg': 'AAAA' });
  await sides.to.put('b.jpg', Buffer.from('bbbb'), { content_type: 'text/html' });
  expect(told(await check(sides, 'full'))).toEqual({ bytes: ['a.jpg'], content_type: ['b.jpg'] });
  // What was put anew is not what was copied with its hash, though its bytes are the same.
  expect(told(await check(sides, 'sha256'))).toEqual({ unrecorded: ['a.jpg', 'b.jpg'] });
});

test('finds what nobody copied with its hash, and what changed on the source', async () => {
  using sides = await copied(OBJECTS);
  await fill(sides.from, { 'a.jpg': 'AAAA', 'd.jpg': 'd' });
  await fill(sides.to, { 'd.jpg': 'd' });
  expect(told(await check(sides, 'sha256'))).toEqual({ unrecorded: ['a.jpg', 'd.jpg'] });
});

test('finds two spellings of one name', async () => {
  const [nfc, nfd] = ['é.jpg'.normalize('NFC'), 'é.jpg'.normalize('NFD')];
  using sides = await copied({ [nfc]: 'one', [nfd]: 'two' });
  expect(told(await check(sides, 'size'))).toEqual({ nfc_collision: [nfd], missing: [nfd] });
});

test('holds the source against what the database wrote down', async () => {
  using sides = await copied(OBJECTS);
  const row = { kind: 'image', owner: 1, required: true, size: 4, content_type: 'image/jpeg' } as const;
  async function* references(): AsyncGenerator<Reference> {
    yield { ...row, key: 'a.jpg', sha256: '0'.repeat(64) };
    yield { ...row, key: 'gone.jpg', sha256: null };
    yield { ...row, key: 'later.jpg', sha256: null, required: false };
  }
  for (const level of ['sha256', 'full'] as const) {
    const report = await check(sides, level, references());
    expect(report).toMatchObject({ equal: true, sound: false });
    expect(told(report)).toEqual({ damaged: ['a.jpg'], dangling: ['gone.jpg'] });
  }
});

test('a truncated file is told with its path, not taken for equal', async () => {
  using sides = await copied(OBJECTS);
  const root = join(sides.root, 'to');
  const name = readdirSync(root, { recursive: true, encoding: 'utf8' }).find((file) => file.endsWith('objects/a.jpg'));
  const path = join(root, name as string);
  writeFileSync(path, readFileSync(path).subarray(0, 2));
  await expect(check(sides, 'size')).rejects.toThrow(/a\.jpg is not a whole object/u);
});
