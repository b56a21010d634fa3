import { buffer } from 'node:stream/consumers';
import type { StorageDriver } from '@labelyard/storage';
import { z } from 'zod';
import { YardError } from '../../cli/yard-error.js';
import { DATABASES, type DatabaseName } from '../../ends/open-ends.js';

/** Beginning of every backup's keys in the annotations bucket. */
const PREFIX = 'backups/';
export const BACKUP_KINDS = ['full', 'critical'] as const;

const manifest = z.object({
  /** `labeler/2026-11-29T03-00-00-000Z-full`. */
  id: z.string(),
  database: z.enum(DATABASES),
  kind: z.enum(BACKUP_KINDS),
  made_at: z.iso.datetime(),
  /** Server and name of the database it was made of. */
  source: z.string(),
  server_version: z.number(),
  format: z.enum(['pg_dump custom', 'yard archive']),
  /** What wrote it, and why that. */
  tool: z.string(),
  archive_key: z.string(),
  size_bytes: z.number(),
  sha256: z.string(),
  tables: z.array(z.object({ table: z.string(), rows: z.number() })),
});
/** What a backup is, kept beside it: written last, so that a backup with a manifest is whole. */
export type BackupManifest = z.infer<typeof manifest>;

export function backupKeys(database: DatabaseName, made_at: string, kind: string) {
  const id = `${database}/${made_at.replaceAll(/[:.]/gu, '-')}-${kind}`;
  return { id, archive_key: `${PREFIX}${id}/archive`, manifest_key: manifestKey(id) };
}

function manifestKey(id: string): string {
  return `${PREFIX}${id}/manifest.json`;
}

export async function writeManifest(bucket: StorageDriver, body: BackupManifest): Promise<void> {
  const text = Buffer.from(`${JSON.stringify(body, null, 2)}\n`);
  await bucket.put(manifestKey(body.id), text, { content_type: 'application/json', size: text.length });
}

/** @throws YardError bad_input when there is no such backup */
export async function readManifest(bucket: StorageDriver, id: string, signal?: AbortSignal): Promise<BackupManifest> {
  const refuse = (why: string, cause?: unknown) =>
    new YardError('bad_input', `The backup "${id}" ${why}.`, 'Use another one: yard db backups lists them.', { cause });
  const keys = new Set<string>();
  for await (const { key } of bucket.list(manifestKey(id), { signal })) keys.add(key);
  if (!keys.has(manifestKey(id))) throw refuse('does not exist, or was never finished');
  const { body } = await bucket.get(manifestKey(id), { signal });
  const text = await buffer(body);
  try {
    return manifest.parse(JSON.parse(text.toString()));
  } catch (error) {
    throw refuse('has a manifest that cannot be read', error);
  }
}

/** Every whole backup, the newest first. */
export async function listBackups(bucket: StorageDriver, signal?: AbortSignal): Promise<BackupManifest[]> {
  const ids: string[] = [];
  for await (const { key } of bucket.list(PREFIX, { signal }))
    if (key.endsWith('/manifest.json')) ids.push(key.slice(PREFIX.length, -'/manifest.json'.length));
  const found = await Promise.all(ids.map((id) => readManifest(bucket, id, signal)));
  return found.sort((a, b) => (a.made_at < b.made_at ? 1 : -1));
}

/** The manifest goes first: what is left then is no backup any more, whatever happens. */
export async function deleteBackup(bucket: StorageDriver, { id, archive_key }: BackupManifest): Promise<void> {
  await bucket.delete(manifestKey(id));
  await bucket.delete(archive_key);
}
