import { YardError } from '../cli/yard-error.js';
import type { MovablePart } from './part-move.js';
import { isBucketPart, type Part } from './parts.js';

/** @throws YardError bad_input for parts that lie in buckets: only databases can be moved so far */
export function bucketParts(parts: readonly Part[]): MovablePart[] {
  if (!parts.some(isBucketPart)) return [];
  throw new YardError(
    'bad_input',
    'The plan moves objects as well, which this version cannot yet.',
    'Plan the databases alone: yard cutover plan --only user_db,labeler_db.',
  );
}
