import { InvalidKey, type StorageDriver } from '@labelyard/storage';
import { YardError } from '../../cli/yard-error.js';
import { compareWithDatabase, type CompareOptions, type ComparedWithDatabase } from './compare-with-database.js';

/**
 * Moves the objects of nobody below `quarantine/<day>/`, within the bucket: copied first, then deleted. Looks twice: a database that
 * speaks of nothing at all is the wrong one, and nothing is moved. @throws YardError failed
 */
export async function quarantineOrphans(
  driver: StorageDriver,
  compare: () => Omit<CompareOptions, 'driver' | 'onOrphan' | 'onDangling'>,
  now = new Date(),
): Promise<{ found: ComparedWithDatabase; moved: number }> {
  const first = await compareWithDatabase({ driver, ...compare() });
  if (first.objects > 0 && first.references === 0)
    throw new YardError(
      'failed',
      `The database speaks of none of the ${first.objects} objects in "${driver.bucket}".`,
      'Check that LABELER_DB_URL of this environment is the database that belongs to this storage.',
    );
  const prefix = `quarantine/${now.toISOString().slice(0, 10)}/`;
  let moved = 0;
  const found = await compareWithDatabase({
    driver,
    ...compare(),
    async onOrphan(key) {
      try {
        await driver.copy(key, prefix + key);
      } catch (error) {
        if (error instanceof InvalidKey) return; // Too long for the prefix: stays where it is.
        throw error;
      }
      await driver.delete(key);
      moved += 1;
    },
  });
  return { found, moved };
}
