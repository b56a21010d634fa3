import type { Profile } from '../profiles/profile.js';
import type { DoctorParts } from './doctor-parts.js';

export const STATUSES = ['ok', 'skipped', 'warn', 'fail'] as const;
export type CheckStatus = (typeof STATUSES)[number];

/** What a check saw. Never holds a secret. */
export interface Finding {
  readonly status: CheckStatus;
  readonly seen: string;
  /** What to do or run next; absent where nothing is to be done. */
  readonly next?: string;
}

export interface CheckContext {
  readonly profile: Profile;
  /** Databases and storage, opened when first asked for. */
  readonly parts: DoctorParts;
  /** Folder of yard.config.ts, or of the workspace. */
  readonly root: string;
  /** How many API processes are to run. */
  readonly replicas: number;
  /** Aborted when the check's time is over, or by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** One question about an environment, as data. */
export interface Check {
  readonly id: string;
  readonly title: string;
  /** Why it matters. */
  readonly why: string;
  /** @throws Skip when it cannot be asked */
  run(context: CheckContext): Promise<Finding> | Finding;
}

/** A check that cannot be made, because of something another check tells. */
export class Skip extends Error {
  override readonly name = 'Skip';
}

export const ok = (seen: string): Finding => ({ status: 'ok', seen });
export const warn = (seen: string, next: string): Finding => ({ status: 'warn', seen, next });
export const fail = (seen: string, next: string): Finding => ({ status: 'fail', seen, next });
