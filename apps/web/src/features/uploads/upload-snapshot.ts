import { ITEM_STATES, type ItemState, type UploadItem } from './upload-item';
import type { RunPhase, UploadRun } from './upload-run';
import type { StoredRun } from './upload-store';
import type { ErrorCode } from '@labelyard/domain';

/** An upload as a page shows it, at one moment. */
export interface RunSnapshot {
  readonly run: StoredRun;
  readonly phase: RunPhase;
  readonly stopped_by: ErrorCode | null;
  /** Waits for the connection, or for a busy server. */
  readonly waiting: boolean;
  readonly items: readonly UploadItem[];
  /** Bytes of each file that have gone out. */
  readonly bytesOf: (n: number) => number;
  readonly counts: Readonly<Record<ItemState, number>>;
  /** Files that must be picked again before they can go on. */
  readonly missing: number;
  readonly total_bytes: number;
  readonly sent_bytes: number;
  /** Null while nobody can say. */
  readonly bytes_per_second: number | null;
  readonly seconds_left: number | null;
}

export function snapshotOf(upload: UploadRun): RunSnapshot {
  const { items, meter, phase } = upload;
  const rate = phase === 'running' && !upload.waiting ? meter.rate() : null;
  const { totalBytes, sentBytes } = items;
  const counts = Object.fromEntries(ITEM_STATES.map((state) => [state, items.count(state)]));
  return {
    run: upload.run,
    phase,
    stopped_by: upload.stoppedBy,
    waiting: upload.waiting,
    items: items.all,
    bytesOf: (n) => items.bytesOf(n),
    counts: counts as Record<ItemState, number>,
    missing: items.missing,
    total_bytes: totalBytes,
    sent_bytes: Math.min(sentBytes, totalBytes),
    bytes_per_second: rate,
    seconds_left: rate ? Math.ceil((totalBytes - sentBytes) / rate) : null,
  };
}
