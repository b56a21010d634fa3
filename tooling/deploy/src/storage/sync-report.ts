import { CLASSES, type ObjectClass } from './join/classify.js';

/** How many of a kind are named. */
const SAMPLES = 20;

export interface Tally {
  objects: number;
  bytes: number;
  /** The first of them, in the order of the keys. */
  samples: string[];
}

/** Per class. */
export type Tallies = Record<ObjectClass, Tally>;

export function emptyTallies(): Tallies {
  return Object.fromEntries(
    Object.keys(CLASSES).map((name) => [name, { objects: 0, bytes: 0, samples: [] as string[] }]),
  ) as Tallies;
}

export function count(tally: Tally, key: string, bytes: number): void {
  tally.objects += 1;
  tally.bytes += bytes;
  if (tally.samples.length < SAMPLES) tally.samples.push(key);
}

export interface Failure {
  readonly key: string;
  readonly message: string;
}

/** What a run did. */
export interface SyncReport {
  /** What was found, per class. */
  readonly found: Tallies;
  /** Read from the source and stored on the target. */
  copied: { objects: number; bytes: number };
  /** Read on both sides and found equal. */
  equal: { objects: number; bytes: number };
  /** Same size, other bytes. */
  readonly differing: Tally;
  deleted: number;
  /** Deleted on the source between the listing and the copying. */
  vanished: number;
  /** Objects that could not be copied though everything else could. */
  failures: Failure[];
  failed: number;
  retries: number;
  throttled: number;
  seconds: number;
  /** Keys, sizes and hashes of everything on both sides. */
  readonly manifest: string;
}

export function emptyReport(manifest: string): SyncReport {
  return {
    found: emptyTallies(),
    copied: { objects: 0, bytes: 0 },
    equal: { objects: 0, bytes: 0 },
    differing: { objects: 0, bytes: 0, samples: [] },
    deleted: 0,
    vanished: 0,
    failures: [],
    failed: 0,
    retries: 0,
    throttled: 0,
    seconds: 0,
    manifest,
  };
}

/** Whether the target now has what the source has, as far as it may. */
export function isComplete({ found, differing, failed }: SyncReport): boolean {
  const obstacles =
    found.conflict.objects + found.nfc_collision.objects + found.too_long.objects + found.bad_key.objects;
  return obstacles + differing.objects + failed === 0;
}
