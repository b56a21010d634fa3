import type { EnvSource } from '@labelyard/config';
import { YardError } from '../cli/yard-error.js';
import type { Profile } from '../profiles/profile.js';
import { activeProfile } from './active-environment.js';
import { scopeOf } from './cutover-plan.js';
import { type Part, PART_FACTS } from './parts.js';

/** The phases of the deployment guide that move something. */
export interface Phase {
  readonly number: 1 | 2 | 3 | 4;
  readonly says: string;
  readonly parts: readonly Part[];
  /** Copies only: images and exports lie behind one address, so phase 4 switches both. */
  readonly ahead: boolean;
}

export const PHASES: readonly Phase[] = [
  { number: 1, says: "people's database", parts: ['user_db'], ahead: false },
  { number: 2, says: 'Labeler database', parts: ['labeler_db'], ahead: false },
  { number: 3, says: 'images, copied ahead', parts: ['images'], ahead: true },
  { number: 4, says: 'exports, and the switch to the new storage', parts: ['images', 'exports'], ahead: false },
];

/**
 * Phases go in their order: what an earlier one moves must be in its new place, or belong to somebody else.
 *
 * @param active the environment the installation runs with
 * @throws YardError bad_input naming the phase to do first
 */
export function refuseOutOfOrder(phase: Phase, active: EnvSource, to: Profile): void {
  const here = activeProfile(active);
  for (const earlier of PHASES.filter(({ number, ahead }) => number < phase.number && !ahead)) {
    const [waiting] = scopeOf(here, to, earlier.parts).parts;
    if (waiting)
      throw new YardError(
        'bad_input',
        `Phase ${phase.number} comes after phase ${earlier.number}: the ${PART_FACTS[waiting.part].says} is still at ${waiting.from}.`,
        `Do it first: yard phase ${earlier.number} plan. Or move everything in one go: yard cutover plan.`,
      );
  }
}

/**
 * Phases go back in the opposite order: an earlier one leads back to a side whose later parts are closed, because they were moved.
 *
 * @param planned what goes back
 * @param active the environment the installation runs with
 * @throws YardError bad_input naming the phase to take back first
 */
export function refuseBackOutOfOrder(planned: readonly Part[], active: EnvSource, from: Profile, to: Profile): void {
  const here = activeProfile(active);
  const last = PHASES.findLastIndex(({ parts, ahead }) => !ahead && parts.some((part) => planned.includes(part)));
  for (const later of PHASES.slice(last + 1).reverse()) {
    if (later.ahead) continue;
    const [moved] = scopeOf(from, here, later.parts).parts.filter(
      ({ part }) => scopeOf(here, to, [part]).parts.length === 0,
    );
    if (moved)
      throw new YardError(
        'bad_input',
        `Phase ${later.number} came after this, and is not taken back yet: ${PART_FACTS[moved.part].says} at ${moved.to}.`,
        `Phases go back in the opposite order: yard phase ${later.number} rollback first.`,
      );
  }
}
