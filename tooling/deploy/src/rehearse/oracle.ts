import { createHash } from 'node:crypto';
import { createClient, type DatabaseOptions } from '@labelyard/db';
import { createStorage, imageKey, ObjectNotFound, type StorageDriver, type StorageOptions } from '@labelyard/storage';
import type { Ledger } from './ledger.js';
import type { WriterProject } from './writer.js';

/** What an installation has of what it acknowledged. */
export interface Verdict {
  readonly annotations: number;
  readonly images: number;
  /** In words; empty when everything is as it was acknowledged, once. */
  readonly problems: readonly string[];
}

interface Row {
  readonly id: string;
  readonly version: number;
  readonly made_by: string;
  readonly geometry: string;
}

/**
 * Compares everything the writers were told with what the database and the storage of one side hold: nothing lost, nothing twice,
 * nothing brought back from the dead, every uploaded byte there. The writers must have stopped.
 */
export async function judge(
  side: { readonly labeler: DatabaseOptions; readonly storage: StorageOptions },
  project: WriterProject,
  ledger: Ledger,
): Promise<Verdict> {
  const problems: string[] = [];
  const client = createClient(side.labeler);
  await client.connect();
  try {
    const { rows } = await client.query<Row>(
      `select id, version, attributes->>'rehearsal_operation' as made_by, geometry::text as geometry
       from annotations where project_id = $1 and attributes ? 'rehearsal_operation'`,
      [project.project_id],
    );
    problems.push(...annotationProblems(rows, ledger));
    const images = await client.query<{ path: string; sha256: string }>(
      `select path, sha256 from image_metadata where dataset_id = $1 and path like 'rehearsal/%'`,
      [project.dataset_id],
    );
    problems.push(...(await imageProblems(images.rows, side.storage, project, ledger)));
    return { annotations: rows.length, images: images.rows.length, problems };
  } finally {
    await client.end();
  }
}

function annotationProblems(rows: readonly Row[], ledger: Ledger): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  const there = new Map(rows.map((row) => [Number(row.id), row]));
  for (const { id, made_by } of rows) {
    if (seen.has(made_by)) problems.push(`operation ${made_by} was applied twice`);
    seen.add(made_by);
    if (ledger.deleted.has(Number(id))) problems.push(`annotation ${id} is there; its deletion was acknowledged`);
    else if (!ledger.annotations.has(Number(id))) problems.push(`annotation ${id} was acknowledged to nobody`);
  }
  for (const known of ledger.annotations.values()) {
    const row = there.get(known.id);
    if (!row) problems.push(`annotation ${known.id} is gone; version ${known.version} was acknowledged`);
    else if (row.version !== known.version || !sameJson(row.geometry, known.geometry))
      problems.push(`annotation ${known.id} has version ${row.version}; ${known.version} was acknowledged`);
  }
  return problems;
}

function sameJson(a: string, b: string): boolean {
  return JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b));
}

async function imageProblems(
  rows: readonly { path: string; sha256: string }[],
  options: StorageOptions,
  { dataset_id }: WriterProject,
  ledger: Ledger,
): Promise<string[]> {
  const problems: string[] = [];
  const there = new Map(rows.map(({ path, sha256 }) => [path, sha256]));
  const storage = createStorage(options);
  try {
    for (const { path, sha256 } of ledger.images.values()) {
      if (there.get(path) !== sha256) problems.push(`image ${path} is gone or another; its upload was acknowledged`);
      const found = await objectHash(storage.datasets, imageKey(dataset_id, path));
      if (found === null) problems.push(`the bytes of ${path} are gone; their upload was acknowledged`);
      else if (found !== sha256) problems.push(`the bytes of ${path} are others than those uploaded`);
    }
  } finally {
    storage.close();
  }
  for (const path of there.keys())
    if (!ledger.images.has(path)) problems.push(`image ${path} was acknowledged to nobody`);
  return problems;
}

/** Null when there is no such object. */
async function objectHash(bucket: StorageDriver, key: string): Promise<string | null> {
  try {
    const { body } = await bucket.get(key);
    const hash = createHash('sha256');
    for await (const chunk of body) hash.update(chunk as Uint8Array);
    return hash.digest('hex');
  } catch (error) {
    if (error instanceof ObjectNotFound) return null;
    throw error;
  }
}
