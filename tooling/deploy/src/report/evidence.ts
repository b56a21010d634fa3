import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StateFolder } from '../state/state-folder.js';

/** What a command can prove. */
export const EVIDENCE_KINDS = [
  'doctor',
  'backup',
  'drill',
  'db verify',
  'storage check',
  'cutover',
  'rollback',
  'rehearsal',
] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** Something that was proven, or found wrong, at a moment. */
export interface Evidence {
  readonly kind: EvidenceKind;
  readonly at: string;
  /** Which environments it is about. */
  readonly about: readonly string[];
  readonly ok: boolean;
  /** One line for people. */
  readonly says: string;
  readonly data: unknown;
}

const PREFIX = 'evidence-';

/** Keeps evidence for `yard report`. Nothing is ever replaced: the newest of a kind counts. */
export function keepEvidence(state: StateFolder, evidence: Omit<Evidence, 'at'>, now = new Date()): void {
  const at = now.toISOString();
  const name = `${PREFIX}${evidence.kind.replaceAll(' ', '-')}-${at.replaceAll(/[:.]/gu, '-')}.json`;
  const path = state.path('reports', name);
  writeFileSync(`${path}.new`, `${JSON.stringify({ ...evidence, at }, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}

/** All that was kept, the oldest first. */
export function readEvidence(state: StateFolder): Evidence[] {
  const folder = dirname(state.path('reports', 'any'));
  return readdirSync(folder)
    .filter((name) => name.startsWith(PREFIX) && name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(state.path('reports', name), 'utf8')) as Evidence)
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}
