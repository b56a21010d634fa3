import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStorage, type Storage, type StorageDriver } from '@labelyard/storage';
import type { CopiedObject } from '../../src/storage/record/copied-object.js';
import { readLines } from '../../src/storage/record/ndjson.js';

/** Two storages on disk and a folder for the record of a move between them. */
export function twoDisks() {
  const root = mkdtempSync(join(tmpdir(), 'yard-storage-'));
  const disk = (name: string): Storage =>
    createStorage({ driver: 'disk', root: join(root, name), public_url: '', signing_secret: 'x'.repeat(32) });
  return {
    root,
    from: disk('from').datasets,
    to: disk('to').datasets,
    folder: join(root, 'record'),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

export async function fill(driver: StorageDriver, objects: Record<string, string | Buffer>): Promise<void> {
  await Promise.all(
    Object.entries(objects).map(([key, body]) =>
      driver.put(key, Buffer.from(body), { content_type: contentType(key), cache_control: 'private, max-age=7' }),
    ),
  );
}

export function contentType(key: string): string {
  return key.endsWith('.png') ? 'image/png' : 'image/jpeg';
}

/** Everything of a bucket: key → sha256 and type. */
export async function contents(driver: StorageDriver): Promise<Record<string, string>> {
  const keys = (await collect(driver.list(''))).map(({ key }) => key);
  return Object.fromEntries(await Promise.all(keys.map(async (key) => [key, await tell(driver, key)] as const)));
}

async function tell(driver: StorageDriver, key: string): Promise<string> {
  const { body, content_type, cache_control } = await driver.get(key);
  const hash = createHash('sha256');
  for await (const chunk of body as AsyncIterable<Buffer>) hash.update(chunk);
  return `${content_type} ${cache_control} ${hash.digest('hex')}`;
}

export async function manifestOf(path: string): Promise<CopiedObject[]> {
  return collect(readLines<CopiedObject>(path));
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
