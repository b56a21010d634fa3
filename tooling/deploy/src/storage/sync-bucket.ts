import { setMaxListeners } from 'node:events';
import { KeyRefused, ObjectNotFound, StorageRefused, StorageUnavailable, type StorageDriver } from '@labelyard/storage';
import { refuseSameBucket } from './different-buckets.js';
import { isAction, type Permissions } from './join/classify.js';
import { joinedObjects, type JoinedObject } from './join/joined-objects.js';
import { EVERYTHING, type Scope } from './join/listing.js';
import { entryOf, type CopiedView, type Direction } from './record/copied-object.js';
import { openRecord, type CopyRecord } from './record/copy-record.js';
import { count, emptyReport, type SyncReport } from './sync-report.js';
import { adaptivePool, CONCURRENCY, type AdaptivePool, type Concurrency } from './transfer/adaptive-pool.js';
import { copyInParts, PARTS_FROM } from './transfer/copy-in-parts.js';
import { copyObject } from './transfer/copy-object.js';
import { sha256Of } from './transfer/hashed-bytes.js';
import { withRetries, type RetryOptions } from './transfer/retries.js';

export interface SyncProgress {
  /** Objects looked at, among them those with nothing to do. */
  readonly seen: number;
  readonly copied: number;
  readonly bytes: number;
  /** How many may be under way at once. */
  readonly limit: number;
}

export interface SyncOptions {
  /** Where objects are read, and where they are stored; with `direction: 'backward'` the new side is the source. */
  readonly source: StorageDriver;
  readonly target: StorageDriver;
  /** Folder of the record of this move of this bucket; the same for both directions. */
  readonly folder: string;
  readonly direction?: Direction | undefined;
  /** Default: everything. */
  readonly scope?: Scope | undefined;
  readonly permissions?: Permissions | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: SyncProgress) => void) | undefined;
  /** Told about every key before anything is done with it; may throw to stop. */
  readonly onObject?: ((object: JoinedObject) => void) | undefined;
  readonly concurrency?: Concurrency | undefined;
  /** From this size on an object goes in parts. Default `PARTS_FROM`. */
  readonly parts_from?: number | undefined;
  /** How often one request is tried in all. */
  readonly attempts?: number | undefined;
}

const ATTEMPTS = 6;
/** So many objects one after the other that cannot be copied are no longer those objects' fault. */
const FAILURES_IN_A_ROW = 10;

/**
 * Brings the target up to what the source has. Adds what is missing, replaces what changed on the source since it was copied, and touches
 * nothing else: no object that differs, none that is the target's own, nothing deleted, unless `permissions` say so. Everything copied is
 * in the manifest with its SHA-256. May be run again at any time, also after SIGKILL: it then does what is left to do.
 *
 * @throws StorageRefused, StorageUnavailable (the server is gone, or the disk full), YardError, or the signal's reason
 */
export async function syncBucket(options: SyncOptions): Promise<SyncReport> {
  const began = performance.now();
  const { source, target, attempts = ATTEMPTS } = options;
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  // Every object under way listens.
  setMaxListeners(0, signal);
  await refuseSameBucket(source, target, signal);
  const record = await openRecord(options.folder);
  const report = emptyReport(record.manifest);
  const pool = adaptivePool(options.concurrency ?? CONCURRENCY);
  const retry: RetryOptions = {
    signal,
    attempts,
    onRetry(_error, throttled) {
      report.retries += 1;
      if (!throttled) return;
      report.throttled += 1;
      pool.slower();
    },
  };
  const run = new SyncRun({ ...options, signal }, record, report, retry, pool);
  try {
    await pool.run(run.work(), (object) => run.act(object));
    return report;
  } catch (error) {
    // What is under way is given up; what was done stays done.
    stop.abort(error);
    throw error;
  } finally {
    await record.close();
    report.seconds = (performance.now() - began) / 1000;
  }
}

class SyncRun {
  private seen = 0;
  private failed_in_a_row = 0;
  private readonly direction: Direction;

  constructor(
    private readonly options: SyncOptions,
    private readonly record: CopyRecord,
    private readonly report: SyncReport,
    private readonly retry: RetryOptions,
    private readonly pool: AdaptivePool,
  ) {
    this.direction = options.direction ?? 'forward';
  }

  /** What there is to do; what there is not is counted. */
  async *work(): AsyncGenerator<JoinedObject> {
    const { source, target, scope = EVERYTHING, permissions = {} } = this.options;
    const { record, retry, direction } = this;
    for await (const object of joinedObjects({ source, target, record, direction, scope, permissions, retry })) {
      this.seen += 1;
      this.options.onObject?.(object);
      const size = object.source?.size ?? object.target?.size ?? 0;
      count(this.report.found[object.class], object.key, size);
      if (isAction(object.class)) yield object;
      this.tell();
    }
  }

  /** Does one thing. One object that cannot be copied does not stop the others; a server or a disk that is gone does. */
  async act(object: JoinedObject): Promise<void> {
    const { signal } = this.options;
    try {
      await this.apply(object);
      this.failed_in_a_row = 0;
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof ObjectNotFound) {
        this.report.vanished += 1;
        return;
      }
      const stops = (error instanceof StorageRefused && !(error instanceof KeyRefused)) || isDiskFull(error);
      this.failed_in_a_row += 1;
      if (stops || this.failed_in_a_row >= FAILURES_IN_A_ROW) throw error;
      this.report.failed += 1;
      if (this.report.failures.length < FAILURES_IN_A_ROW)
        this.report.failures.push({ key: object.key, message: (error as Error).message });
    }
    this.tell();
  }

  private async apply({ key, class: object_class, source }: JoinedObject): Promise<void> {
    switch (object_class) {
      case 'copy':
      case 'update':
      case 'overwrite':
        return this.copy(key, source?.size ?? 0);
      case 'compare':
        return this.compare(key);
      case 'delete':
        await withRetries(() => this.options.target.delete(key), this.retry);
        this.report.deleted += 1;
        return void this.record.journal.append({ event: 'forgotten', key });
      default:
        throw new Error(`Nothing is done about "${object_class}".`);
    }
  }

  private async copy(key: string, listed_size: number): Promise<void> {
    const { source, target, signal } = this.options;
    const { record, retry, direction } = this;
    const copied =
      listed_size >= (this.options.parts_from ?? PARTS_FROM)
        ? await copyInParts({ source, target, signal, direction, record, journal: record.journal, retry }, key)
        : await withRetries(() => copyObject({ source, target, signal }, key), retry);
    this.report.copied.objects += 1;
    this.report.copied.bytes += copied.size;
    this.note(copied);
  }

  /** Reads both sides; equal ones are from then on known as copied. */
  private async compare(key: string): Promise<void> {
    const { source, target, signal, permissions } = this.options;
    const read = (driver: StorageDriver) =>
      withRetries(async () => {
        const { body, etag, content_type } = await driver.get(key, { signal });
        return { ...(await sha256Of(body)), etag, content_type };
      }, this.retry);
    const [there, here] = await Promise.all([read(source), read(target)]);
    if (there.sha256 === here.sha256 && there.content_type === here.content_type) {
      this.report.equal.objects += 1;
      this.report.equal.bytes += there.size;
      const { size, sha256, content_type } = there;
      return this.note({ key, size, sha256, content_type, source_etag: there.etag, target_etag: here.etag });
    }
    if (permissions?.overwrite) return this.copy(key, there.size);
    count(this.report.differing, key, there.size);
  }

  private note(copied: CopiedView): void {
    void this.record.journal.append({ event: 'copied', ...entryOf(copied, this.direction) });
  }

  private tell(): void {
    const { copied, bytes } = { copied: this.report.copied.objects, bytes: this.report.copied.bytes };
    this.options.onProgress?.({ seen: this.seen, copied, bytes, limit: this.pool.limit });
  }
}

function isDiskFull(error: unknown): boolean {
  return error instanceof StorageUnavailable && ['ENOSPC', 'EDQUOT', 'EROFS'].includes(String(error.details['code']));
}
