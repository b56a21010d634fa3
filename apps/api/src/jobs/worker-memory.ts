import { setFlagsFromString } from 'node:v8';

/** Shorter jobs leave little behind. */
const LONG_JOB_MS = 1_000;

/**
 * For a process that runs jobs and answers nobody. Left alone, V8 lets garbage grow to several times what is in use, of which the program
 * itself is 50 MB, before it looks; a third of that is enough, for a look takes a tenth of a second of a job's minutes.
 */
export function keepWorkerSmall(): void {
  setFlagsFromString('--heap-growing-percent=30');
  collect();
}

/** What a long job left behind goes before the next one adds to it. Needs `--expose-gc`, without which it stays for a while. */
export function collectAfterJob(took_ms: number): void {
  if (took_ms >= LONG_JOB_MS) collect();
}

/** The last resort gives pages that became free back to the system as well: 14 MB of a worker that has just begun. */
function collect(): void {
  void globalThis.gc?.({ type: 'major', execution: 'async', flavor: 'last-resort' });
}
