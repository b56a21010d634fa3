import type { StorageDriver } from '@labelyard/storage';
import { joinByKey } from '../join/join-by-key.js';
import { EVERYTHING, objectsIn } from '../join/listing.js';
import { OWN_PREFIX } from '../join/joined-objects.js';
import { readAhead } from '../join/read-ahead.js';
import { isKept } from '../plan/plan-bucket.js';
import type { Reference } from '../references/reference.js';
import { count, type Tally } from '../sync-report.js';

export interface ComparedWithDatabase {
  objects: number;
  references: number;
  /** Objects of nobody, per dataset or project (the first part of the key). */
  readonly orphans: Record<string, Tally>;
  /** What the database speaks of and the bucket does not have, per dataset or project. */
  readonly dangling: Record<string, Tally>;
}

export interface CompareOptions {
  readonly driver: StorageDriver;
  readonly references: AsyncIterable<Reference>;
  /** Younger objects may belong to a row that is about to be written. */
  readonly older_than: Date;
  readonly signal: AbortSignal;
  readonly onOrphan?: ((key: string) => Promise<void>) | undefined;
  readonly onDangling?: ((reference: Reference) => Promise<void>) | undefined;
}

const ATTEMPTS = 6;

/** Joins a bucket with what the database speaks of. Changes nothing by itself. @throws YardError where the database cannot be read */
export async function compareWithDatabase(options: CompareOptions): Promise<ComparedWithDatabase> {
  const { driver, references, older_than, signal, onOrphan, onDangling } = options;
  const result: ComparedWithDatabase = { objects: 0, references: 0, orphans: {}, dangling: {} };
  const objects = objectsIn(driver, EVERYTHING, { signal, attempts: ATTEMPTS });
  for await (const { key, items } of joinByKey(objects, readAhead(references))) {
    const [object, reference] = items;
    if (key.startsWith(OWN_PREFIX) || isKept(key)) continue;
    if (object) result.objects += 1;
    if (reference) result.references += 1;
    if (object && !reference && object.modified_at < older_than) {
      count((result.orphans[ownerOf(key)] ??= emptyTally()), key, object.size);
      await onOrphan?.(key);
    }
    if (reference?.required && !object) {
      count((result.dangling[ownerOf(key)] ??= emptyTally()), key, reference.size ?? 0);
      await onDangling?.(reference);
    }
  }
  return result;
}

function ownerOf(key: string): string {
  return key.split('/', 1)[0] ?? '';
}

function emptyTally(): Tally {
  return { objects: 0, bytes: 0, samples: [] };
}
