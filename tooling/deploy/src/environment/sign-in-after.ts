import type { EnvSource } from '@labelyard/config';
import { isReference } from './findings.js';

/** Whether people who are signed in here are so there as well, and why. */
export interface SignInAfter {
  readonly kept: boolean;
  readonly says: string;
}

const PREVIOUS = 'JWT_SECRET_PREVIOUS';

/**
 * What becomes of those who are signed in when an installation goes on with the other environment: their tokens are verified by
 * `JWT_SECRET`, or by the one before it. Null where this cannot be told: the secret comes by reference, or `from` has none.
 */
export function signInAfter(from: EnvSource, to: EnvSource): SignInAfter | null {
  const [here, there, before] = [from['JWT_SECRET'], to['JWT_SECRET'], to[PREVIOUS]].map((text) => text?.trim());
  if (!here || [here, there, before].some((text) => text && isReference(text))) return null;
  if (here === there)
    return { kept: true, says: 'JWT_SECRET is the same in both, as it must be for a move: who is signed in stays so.' };
  if (here === before)
    return { kept: true, says: `JWT_SECRET is another one, and ${PREVIOUS} the old one: who is signed in stays so.` };
  return {
    kept: false,
    says: `JWT_SECRET ${there ? 'is another one' : 'is not set'} on the other side: everybody would be signed out. For a move, set it to the same, or put the old one into ${PREVIOUS}.`,
  };
}
