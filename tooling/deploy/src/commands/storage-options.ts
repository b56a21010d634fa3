import type { DatabaseOptions } from '@labelyard/db';
import type { CommandContext, OptionSpec } from '../cli/command.js';
import { choiceOption, switchOption, textOption } from '../cli/option-values.js';
import { BUCKETS, type BucketName, labelerDatabase, storageOf } from '../ends/open-ends.js';
import { recordName, refuseSameAddress } from '../storage/move/open-move.js';
import type { BucketMove } from '../storage/move/move-bucket.js';

/** Which buckets a command is about. */
export const BUCKET: OptionSpec = {
  flags: '--bucket <name>',
  says: `which bucket: ${BUCKETS.join(', ')} or both`,
  fallback: 'both',
};

export const NO_DATABASE: OptionSpec = {
  flags: '--no-database',
  says: 'do not ask the Labeler DB which objects it speaks of',
};

export function bucketNames(context: CommandContext): readonly BucketName[] {
  const name = choiceOption(context, 'bucket', [...BUCKETS, 'both']);
  return name === 'both' ? BUCKETS : [name];
}

/** The moves of the buckets that the options name. @throws YardError bad_input, EnvError */
export function bucketMoves(context: CommandContext): BucketMove[] {
  const [from, to] = [textOption(context, 'from'), textOption(context, 'to')].map((name) =>
    storageOf(context.profile(name)),
  ) as [BucketMove['from'], BucketMove['to']];
  return bucketNames(context).map((bucket) => {
    const ends = { bucket, from, to };
    refuseSameAddress(ends);
    return { ...ends, folder: context.state.path('manifests', recordName(ends)) };
  });
}

/** The Labeler DB of the environment that is read from; null with --no-database. @throws YardError bad_input, EnvError */
export function databaseAsked(context: CommandContext, option: 'from' | 'env'): DatabaseOptions | null {
  if (context.options['database'] === false) return null;
  return labelerDatabase(context.profile(textOption(context, option)));
}

export function permissionsAsked(context: CommandContext): { overwrite: boolean; delete: boolean } {
  return { overwrite: switchOption(context, 'overwrite'), delete: switchOption(context, 'delete') };
}
