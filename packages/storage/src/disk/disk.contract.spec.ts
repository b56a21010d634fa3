import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStorage, type DiskStorageOptions, type Storage } from '../storage.js';
import { serveDiskObjects, storageContract } from '../testing/index.js';

const HOURS = 3_600_000;

storageContract('disk', async () => {
  const root = await mkdtemp(join(tmpdir(), 'labelyard-disk-'));
  const served: { storage?: Storage } = {};
  const server = await serveDiskObjects(() => served.storage?.object_server ?? null);
  const options: DiskStorageOptions = {
    driver: 'disk',
    root,
    public_url: server.origin,
    signing_secret: 'a secret for tests, of more than 32 characters',
  };
  served.storage = createStorage(options);
  const slow = createStorage({ ...options, now: () => Date.now() - 3 * HOURS });
  return {
    driver: served.storage.datasets,
    slow_clock: slow.datasets,
    close: async () => {
      await server.close();
      // Every failed write and every upload that ended must have cleaned up behind itself.
      expect(await readdir(join(root, 'datasets', 'temporary'))).toEqual([]);
      expect(await readdir(join(root, 'datasets', 'uploads'))).toEqual([]);
      expect(await readdir(join(root, 'datasets', 'objects'))).toEqual([]);
      await rm(root, { recursive: true });
    },
  };
});
