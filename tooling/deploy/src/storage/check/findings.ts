import { count, type Tally } from '../sync-report.js';

/** What a check can find wrong. */
export const FINDINGS = {
  missing: 'on the source, not on the target',
  extra: 'on the target, not on the source',
  size: 'other sizes',
  bytes: 'same size, other bytes',
  content_type: 'same bytes, another content type',
  nfc_collision: 'two spellings (NFC and NFD) of one name; R2 has them as one object',
  unrecorded: 'on both sides, but not known to be equal: not copied by yard, or changed since',
  damaged: 'the source no longer has the bytes whose SHA-256 the database wrote down',
  dangling: 'the database speaks of it, and neither side has it',
} as const;
export type Finding = keyof typeof FINDINGS;

export type Findings = Record<Finding, Tally>;

export function noFindings(): Findings {
  return Object.fromEntries(
    Object.keys(FINDINGS).map((name) => [name, { objects: 0, bytes: 0, samples: [] as string[] }]),
  ) as Findings;
}

export function found(findings: Findings, finding: Finding, key: string, bytes: number): void {
  count(findings[finding], key, bytes);
}
