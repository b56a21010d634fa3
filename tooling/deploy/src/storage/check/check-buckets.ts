import { setMaxListeners } from 'node:events';
import { ObjectNotFound, type StorageDriver } from '@labelyard/storage';
import { joinByKey } from '../join/join-by-key.js';
import { EVERYTHING, inScope, objectsIn, type Scope } from '../join/listing.js';
import { OWN_PREFIX } from '../join/joined-objects.js';
import { readAhead } from '../join/read-ahead.js';
import { spellingCheck } from '../join/spellings.js';
import { viewOf, type CopiedView, type Direction } from '../record/copied-object.js';
import type { CopyRecord } from '../record/copy-record.js';
import type { Reference } from '../references/reference.js';
import { adaptivePool, type Concurrency } from '../transfer/adaptive-pool.js';
import { sha256Of } from '../transfer/hashed-bytes.js';
import { withRetries, type RetryOptions } from '../transfer/retries.js';
import { found, noFindings, type Findings } from './findings.js';

/**
 * How sure one wants to be. `size`: names and sizes, from the listings. `sha256`: besides, everything was copied by yard with its hash,
 * neither side was touched since, and the hash is the one the database knows. `full`: every byte of both sides is read.
 */
export const CHECK_LEVELS = ['size', 'sha256', 'full'] as const;
export type CheckLevel = (typeof CHECK_LEVELS)[number];

export interface CheckOptions {
  readonly source: StorageDriver;
  readonly target: StorageDriver;
  /** The record of the move; not used at level `size`. */
  readonly record: Pick<CopyRecord, 'entries'>;
  readonly direction?: Direction | undefined;
  readonly level: CheckLevel;
  readonly scope?: Scope | undefined;
  /** What the database speaks of, sorted by key; then hashes are compared with it and what it misses is told. */
  readonly references?: AsyncIterable<Reference> | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: ((compared: number, bytes: number) => void) | undefined;
}

export interface CheckReport {
  readonly level: CheckLevel;
  /** Everything that is on the source is on the target as well, as far as the level tells. */
  equal: boolean;
  /** The source itself has what the database speaks of, with the bytes that it wrote down. */
  sound: boolean;
  compared: number;
  /** On the source. */
  bytes: number;
  readonly findings: Findings;
  seconds: number;
}

/** Both sides are read: half as many as are copied at once. */
const READING: Concurrency = { start: 16, max: 32 };
const ATTEMPTS = 6;

interface Pair {
  readonly key: string;
  readonly size: number;
  readonly sha256: string | null;
}

/** Compares two buckets. Changes nothing. @throws StorageUnavailable, StorageRefused, YardError, or the signal's reason */
export async function checkBuckets(options: CheckOptions): Promise<CheckReport> {
  const began = performance.now();
  const { source, target, level, signal, onProgress } = options;
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  setMaxListeners(0, either);
  const report: CheckReport = {
    level,
    equal: true,
    sound: true,
    compared: 0,
    bytes: 0,
    findings: noFindings(),
    seconds: 0,
  };
  const pool = adaptivePool(READING);
  const retry = {
    signal: either,
    attempts: ATTEMPTS,
    onRetry: (_error: Error, throttled: boolean) => throttled && pool.slower(),
  };
  try {
    await pool.run(pairs({ ...options, signal: either }, report, retry), async (pair) => {
      await compareBytes({ source, target }, pair, report.findings, retry);
      report.compared += 1;
      report.bytes += pair.size;
      onProgress?.(report.compared, report.bytes);
    });
  } catch (error) {
    stop.abort(error);
    throw error;
  }
  const { extra: _, damaged, dangling, ...differences } = report.findings;
  report.equal = Object.values(differences).every(({ objects }) => objects === 0);
  report.sound = damaged.objects + dangling.objects === 0;
  report.seconds = (performance.now() - began) / 1000;
  return report;
}

/** What listings, record and database say; what must be read is handed on. */
async function* pairs(options: CheckOptions, report: CheckReport, retry: RetryOptions): AsyncGenerator<Pair> {
  const { source, target, record, level, direction = 'forward', scope = EVERYTHING, references = none() } = options;
  const { findings } = report;
  const wanted = inScope(scope);
  const spelling = spellingCheck(source, options.signal);
  const known = (async function* () {
    if (level === 'size') return;
    for await (const entry of record.entries()) if (wanted(entry.key)) yield viewOf(entry, direction);
  })();
  const spoken = (async function* () {
    for await (const reference of references) if (wanted(reference.key)) yield reference;
  })();
  const sides = [objectsIn(source, scope, retry), objectsIn(target, scope, retry)] as const;
  for await (const { key, items } of joinByKey(...sides, known, readAhead(spoken))) {
    const [there, here, copied, reference] = items;
    if (key.startsWith(OWN_PREFIX)) continue;
    if (reference?.required && !here && !there) found(findings, 'dangling', key, reference.size ?? 0);
    if (!there) {
      if (here) found(findings, 'extra', key, here.size);
      continue;
    }
    if ((await spelling(key)) === 'nfc_collision') found(findings, 'nfc_collision', key, there.size);
    if (level === 'full' && here?.size === there.size) {
      yield { key, size: there.size, sha256: reference?.sha256 ?? null };
      continue;
    }
    report.compared += 1;
    report.bytes += there.size;
    if (!here) found(findings, 'missing', key, there.size);
    else if (here.size !== there.size) found(findings, 'size', key, there.size);
    else if (level === 'sha256' && !isAsCopied(copied, there.etag, here.etag))
      found(findings, 'unrecorded', key, there.size);
    else if (level === 'sha256' && reference?.sha256 && copied && reference.sha256 !== copied.sha256)
      found(findings, 'damaged', key, there.size);
    options.onProgress?.(report.compared, report.bytes);
  }
}

function isAsCopied(copied: CopiedView | undefined, source_etag: string, target_etag: string): boolean {
  return copied?.source_etag === source_etag && copied.target_etag === target_etag;
}

async function compareBytes(
  sides: { source: StorageDriver; target: StorageDriver },
  { key, size, sha256 }: Pair,
  findings: Findings,
  retry: RetryOptions,
): Promise<void> {
  const read = (driver: StorageDriver) =>
    withRetries(async () => {
      const { body, content_type } = await driver.get(key, { signal: retry.signal });
      return { ...(await sha256Of(body)), content_type };
    }, retry).catch((error: unknown) => {
      if (error instanceof ObjectNotFound) return undefined; // Deleted since it was listed.
      throw error;
    });
  const [there, here] = await Promise.all([read(sides.source), read(sides.target)]);
  if (!there) return;
  if (sha256 !== null && there.sha256 !== sha256) found(findings, 'damaged', key, size);
  if (!here) found(findings, 'missing', key, size);
  else if (there.sha256 !== here.sha256) found(findings, 'bytes', key, size);
  else if (there.content_type !== here.content_type) found(findings, 'content_type', key, size);
}

async function* none(): AsyncGenerator<never> {
  // Nothing is known of what the database speaks of.
}
