import { type CheckReport } from './check/check-buckets.js';
import { FINDINGS, type Finding } from './check/findings.js';
import { CLASSES, type ObjectClass } from './join/classify.js';
import { isComplete, type SyncReport, type Tally } from './sync-report.js';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** 1536 → "1.5 kB". */
export function sayBytes(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** unit;
  return `${value.toLocaleString('en', { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 })} ${UNITS[unit]}`;
}

export function sayObjects({ objects, bytes }: { objects: number; bytes: number }): string {
  return `${objects.toLocaleString('en')} object${objects === 1 ? '' : 's'}, ${sayBytes(bytes)}`;
}

/** A tally with its first keys; nothing for an empty one. */
export function sayTally(name: string, says: string, tally: Tally): string[] {
  if (tally.objects === 0) return [];
  const more = tally.objects - tally.samples.length;
  const names = tally.samples.slice(0, 5).map((key) => `    ${JSON.stringify(key)}`);
  return [
    `  ${name}: ${sayObjects(tally)} (${says})`,
    ...names,
    ...(more > 0 || names.length < tally.samples.length ? ['    …'] : []),
  ];
}

/** What a sync did; the last line says it all. */
export function saySync(report: SyncReport): string[] {
  const { found, copied, equal, differing, deleted, failed, failures, retries, throttled, seconds } = report;
  const obstacles = (['conflict', 'nfc_collision', 'too_long', 'bad_key', 'deleted', 'extra'] as ObjectClass[]).flatMap(
    (name) => sayTally(name, CLASSES[name], found[name]),
  );
  return [
    ...obstacles,
    ...sayTally('differing', 'same size, other bytes: left alone', differing),
    ...failures.map(({ key, message }) => `  failed: ${JSON.stringify(key)}: ${message}`),
    ...(retries > 0 ? [`  ${retries} requests were repeated, ${throttled} because the server asked to wait`] : []),
    `${isComplete(report) ? 'Complete' : 'Not complete'}: copied ${sayObjects(copied)}, found equal ${equal.objects}, unchanged ` +
      `${found.skip.objects}, deleted ${deleted}, failed ${failed}, in ${seconds.toFixed(1)} s`,
  ];
}

/** What a check found; the last line says it all. */
export function sayCheck({ findings, equal, compared, bytes, level, seconds }: CheckReport): string[] {
  return [
    ...(Object.keys(FINDINGS) as Finding[]).flatMap((name) => sayTally(name, FINDINGS[name], findings[name])),
    `${equal ? 'Equal' : 'Different'}: ${sayObjects({ objects: compared, bytes })} compared (${level}) in ${seconds.toFixed(1)} s`,
  ];
}
