import { createHash } from 'node:crypto';
import { defineEnv, userDbAdminEnv } from '@labelyard/config';
import { z } from 'zod';
import { YardError } from '../cli/yard-error.js';
import { bucketIdentity, databaseIdentity, databaseOf, storageOf } from '../ends/open-ends.js';
import type { Profile } from '../profiles/profile.js';
import { canonicalJson, makePlan, type Plan } from '../state/plan-file.js';
import { BUCKET_OF_PART, DATABASE_OF_PART, isDatabasePart, type Part, PART_FACTS, PARTS } from './parts.js';

export const CUTOVER = 'cutover';

const plannedPart = z.object({
  part: z.enum(PARTS),
  /** Where it is and where it goes; without credentials. */
  from: z.string(),
  to: z.string(),
});
export type PlannedPart = z.infer<typeof plannedPart>;

export const cutoverBody = z.object({
  from: z.string(),
  to: z.string(),
  parts: z.array(plannedPart).min(1),
  /** A backup of the source is taken into the target's storage before anything else. */
  backup: z.boolean(),
  /** Only copies, ahead of the move that switches. */
  ahead: z.boolean(),
});
export type CutoverBody = z.infer<typeof cutoverBody>;
export type CutoverPlan = Plan<CutoverBody>;

/** What is asked to move, and what cannot, with the reason. */
export interface CutoverScope {
  readonly parts: PlannedPart[];
  readonly left: readonly { readonly part: Part; readonly why: string }[];
}

/**
 * Which parts differ between two environments and can be moved.
 *
 * @throws EnvError where an environment is not usable
 */
export function scopeOf(from: Profile, to: Profile, wanted: readonly Part[] = PARTS): CutoverScope {
  const parts: PlannedPart[] = [];
  const left: { part: Part; why: string }[] = [];
  for (const part of wanted) {
    const ends = [from, to].map((profile) => placeOf(profile, part));
    const [here, there] = ends;
    if (here === null || there === null)
      left.push({ part, why: `belongs to the Platform, which moves it${unmanagedBy(ends, from, to)}` });
    else if (here === there) left.push({ part, why: `is the same on both sides: ${here}` });
    else parts.push({ part, from: here ?? '', to: there ?? '' });
  }
  return { parts, left };
}

/** Which side says that somebody else's is the User DB, where the other one says it is ours: that may be forgotten. */
function unmanagedBy([here, there]: readonly (string | null | undefined)[], from: Profile, to: Profile): string {
  if (here === there) return ' (USER_DB_MANAGED is not true on either side)';
  const { name } = here === null ? from : to;
  return `: "${name}" does not set USER_DB_MANAGED=true. Set it there to move it with the rest`;
}

/** Where a part of an environment is; null where it is none of ours. */
function placeOf(profile: Profile, part: Part): string | null {
  if (!isDatabasePart(part)) return bucketIdentity(storageOf(profile), BUCKET_OF_PART[part]);
  if (part === 'user_db' && defineEnv({ db: userDbAdminEnv }, profile.env).db === null) return null;
  const database = databaseOf(profile, DATABASE_OF_PART[part]);
  return database && databaseIdentity(database);
}

/**
 * @throws YardError bad_input when nothing is left to move, or only one of the two buckets would
 */
export function planCutover(
  from: Profile,
  to: Profile,
  options: { readonly parts?: readonly Part[] | undefined; readonly backup: boolean; readonly ahead?: boolean },
): { plan: CutoverPlan; left: CutoverScope['left'] } {
  const { parts, left } = scopeOf(from, to, options.parts);
  if (parts.length === 0)
    throw new YardError(
      'bad_input',
      `There is nothing to move from "${from.name}" to "${to.name}":\n${left.map(({ part, why }) => `  ${PART_FACTS[part].says} ${why}`).join('\n')}`,
      `See what both environments say: yard env diff --from ${from.name} --to ${to.name}.`,
    );
  const storage = parts.filter(({ part }) => !isDatabasePart(part));
  if (!options.ahead && storage.length === 1 && scopeOf(from, to, ['images', 'exports']).parts.length === 2)
    throw new YardError(
      'bad_input',
      'Images and exports lie behind one storage address, so an installation switches both at once.',
      'Copy the images ahead with yard phase 3, then move both with yard phase 4 (or --only images,exports).',
    );
  const { ahead = false } = options;
  // Objects are not backed up: the old side keeps them.
  const backup = options.backup && parts.some(({ part }) => isDatabasePart(part));
  const body: CutoverBody = { from: from.name, to: to.name, parts, backup, ahead };
  return { plan: makePlan(CUTOVER, basisOf(body), body), left };
}

/** What a plan was made from: another place on either side makes it stale. */
export function basisOf({ from, to, parts }: Pick<CutoverBody, 'from' | 'to' | 'parts'>): string {
  return createHash('sha256').update(canonicalJson({ from, to, parts })).digest('hex');
}

/** The same of the environments as they are now, for the parts of a plan. */
export function currentBasis(body: CutoverBody, from: Profile, to: Profile): string {
  const parts = body.parts.map(({ part }) => ({
    part,
    from: placeOf(from, part) ?? '',
    to: placeOf(to, part) ?? '',
  }));
  return basisOf({ ...body, parts });
}
