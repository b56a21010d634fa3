import { createHash } from 'node:crypto';
import type { JoinedObject } from '../join/joined-objects.js';

/** What a plan was made from. */
export interface Fingerprints {
  readonly source_fingerprint: string;
  readonly target_fingerprint: string;
}

/**
 * Hashes both sides while their objects go by. What this move has copied to the target is left out, so that a plan may be applied again
 * after it was applied in part.
 */
export function fingerprinting(): { add: (object: JoinedObject) => void; result: () => Fingerprints } {
  const [source, target] = [createHash('sha256'), createHash('sha256')];
  return {
    add({ key, source: there, target: here, copied }) {
      if (there) source.update(`${JSON.stringify(key)} ${there.size} ${there.etag}\n`);
      const ours = here && copied?.target_etag === here.etag;
      if (there && here && !ours) target.update(`${JSON.stringify(key)} ${here.size} ${here.etag}\n`);
    },
    result: () => ({ source_fingerprint: source.digest('hex'), target_fingerprint: target.digest('hex') }),
  };
}
