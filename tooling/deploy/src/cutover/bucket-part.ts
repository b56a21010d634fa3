import type { DatabaseOptions } from '@labelyard/db';
import { YardError } from '../cli/yard-error.js';
import type { StorageOptions } from '@labelyard/storage';
import type { StateFolder } from '../state/state-folder.js';
import { changesIn, compareEnds, moveChanges, wasCopied, type BucketMove } from '../storage/move/move-bucket.js';
import { recordName, refuseSameAddress, sayEnds } from '../storage/move/open-move.js';
import type { Direction } from '../storage/record/copied-object.js';
import { sayCheck } from '../storage/say-reports.js';
import type { MovablePart, PartMove, Proof } from './part-move.js';
import { BUCKET_OF_PART, isBucketPart, type Part } from './parts.js';

export interface StorageEnds {
  readonly from: StorageOptions;
  readonly to: StorageOptions;
  /** What knows the hashes of the objects, wherever it is while both sides are compared. */
  readonly labeler: { readonly from: DatabaseOptions; readonly to: DatabaseOptions };
  readonly state: StateFolder;
}

/** The buckets among `parts`: copied while people work, followed by their listings; the way back is the same record. */
export function bucketParts(parts: readonly Part[], { from, to, labeler, state }: StorageEnds): MovablePart[] {
  return parts.filter(isBucketPart).map((part) => {
    const ends = { bucket: BUCKET_OF_PART[part], from, to };
    refuseSameAddress(ends);
    const move = { ...ends, folder: state.path('manifests', recordName(ends)) };
    return {
      part,
      forward: { ...bucketMove(part, move, 'forward', labeler.from) },
      back: { ...bucketMove(part, move, 'backward', labeler.to) },
      async openWayBack() {
        if (!wasCopied(move))
          throw new YardError(
            'failed',
            `${sayEnds(move)}: was not copied.`,
            'Run the same command again: it copies first.',
          );
      },
      wayBackIsOpen: async () => wasCopied(move),
    };
  });
}

function bucketMove(part: Part, move: BucketMove, direction: Direction, labeler: DatabaseOptions): PartMove {
  const says = sayEnds(move);
  return {
    part,
    says,
    copied: async () =>
      wasCopied(move)
        ? { done: true, says: `${says}: was copied; only changes are left` }
        : { done: false, says: `${says}: is to be copied` },
    copy: (report, signal) => moveChanges(move, { direction, report, signal }),
    catchUp: async (report, signal) => changesIn(await moveChanges(move, { direction, report, signal })),
    finish: (report, signal) => moveChanges(move, { direction, report, signal }),
    async prove(report, signal): Promise<Proof> {
      const found = await compareEnds(move, { direction, report, signal, level: 'sha256', database: labeler });
      const lines = sayCheck(found);
      return {
        equal: found.equal,
        says: `${move.bucket}: ${lines.at(-1)}`,
        differences: lines.slice(0, -1),
        compared: found.compared,
        data: found,
      };
    },
  };
}
