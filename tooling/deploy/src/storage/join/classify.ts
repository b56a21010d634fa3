import { assertKey, type ListedObject, MAX_KEY_BYTES } from '@labelyard/storage';
import type { CopiedView } from '../record/copied-object.js';

/** What is to be done about a key, and why. */
export const CLASSES = {
  copy: 'on the source only: is copied',
  update: 'changed on the source since it was copied, untouched on the target: is copied again',
  compare: 'on both sides with one size, but nobody knows whether they are equal: both are read',
  skip: 'on both sides as it was copied: nothing to do',
  conflict: 'on both sides, and differs: is left alone',
  overwrite: 'on both sides, and differs: is replaced, as the plan says',
  deleted: 'deleted on the source since it was copied: is left on the target',
  delete: 'deleted on the source since it was copied: is deleted on the target, as the plan says',
  extra: 'on the target only, and not from this move: is left alone',
  nfc_collision: 'another spelling (NFD) of a key that is there as well; R2 has them as one object: is not copied',
  too_long: `a key of over ${MAX_KEY_BYTES} bytes: cannot be stored`,
  bad_key: 'a key that no storage of Labelyard takes: is not copied',
} as const;
export type ObjectClass = keyof typeof CLASSES;

/** Classes in which something is read or written. */
export const ACTIONS = ['copy', 'update', 'compare', 'overwrite', 'delete'] as const satisfies readonly ObjectClass[];
export type Action = (typeof ACTIONS)[number];

/** Classes in which the target does not get what the source has. */
export const OBSTACLES = ['conflict', 'nfc_collision', 'too_long', 'bad_key'] as const satisfies readonly ObjectClass[];

export interface Sides {
  readonly source: ListedObject | undefined;
  readonly target: ListedObject | undefined;
  readonly copied: CopiedView | undefined;
}

/** What a plan may allow beyond adding. */
export interface Permissions {
  /** Replace what differs on the target. */
  readonly overwrite?: boolean | undefined;
  /** Delete on the target what was copied there and is gone from the source. */
  readonly delete?: boolean | undefined;
}

export function isAction(object_class: ObjectClass): object_class is Action {
  return (ACTIONS as readonly ObjectClass[]).includes(object_class);
}

/**
 * The class of a key, from listings and the record alone: no request per object. An NFC collision is not seen here, it takes more than
 * one key.
 */
export function classify(key: string, sides: Sides, permissions: Permissions): ObjectClass {
  const { source, target, copied } = sides;
  if (!source) {
    const ours = target !== undefined && copied?.target_etag === target.etag;
    if (!ours) return 'extra';
    return permissions.delete ? 'delete' : 'deleted';
  }
  const problem = keyProblem(key);
  if (problem) return problem;
  if (!target) return 'copy';
  const same_source = copied?.source_etag === source.etag && copied.size === source.size;
  const same_target = copied?.target_etag === target.etag && copied.size === target.size;
  if (same_source && same_target) return 'skip';
  if (same_target) return 'update';
  if (source.size === target.size) return 'compare';
  return permissions.overwrite ? 'overwrite' : 'conflict';
}

function keyProblem(key: string): 'too_long' | 'bad_key' | undefined {
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) return 'too_long';
  try {
    assertKey(key);
    return undefined;
  } catch {
    return 'bad_key';
  }
}
