import { randomUUID } from 'node:crypto';
import { ObjectNotFound, type StorageDriver } from '@labelyard/storage';
import { YardError } from '../cli/yard-error.js';
import { OWN_PREFIX } from './join/joined-objects.js';

/**
 * Proves that two buckets are two, whatever their addresses say: what is written to one must not appear in the other. Proves on the way
 * that the target can be written to. @throws YardError bad_input
 */
export async function refuseSameBucket(
  source: StorageDriver,
  target: StorageDriver,
  signal: AbortSignal,
): Promise<void> {
  const key = `${OWN_PREFIX}yard-${randomUUID()}`;
  await target.put(key, Buffer.from('yard\n'), { content_type: 'text/plain', signal });
  try {
    await source.head(key, { signal });
  } catch (error) {
    if (error instanceof ObjectNotFound) return;
    throw error;
  } finally {
    await target.delete(key);
  }
  throw new YardError(
    'bad_input',
    `Source and target are the same bucket: what was written to "${target.bucket}" appeared in "${source.bucket}".`,
    'Name another environment with --from or --to, or correct its endpoint and buckets in yard.config.ts.',
  );
}
