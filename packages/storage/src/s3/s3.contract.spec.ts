import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStorage } from '../storage.js';
import {
  s3TestServer,
  startLocalR2,
  storageContract,
  type ContractTarget,
  type S3TestServer,
} from '../testing/index.js';

const HOURS = 3_600_000;

function targetOn(server: S3TestServer, stop: () => Promise<void>): ContractTarget {
  const storage = createStorage({ driver: 's3', ...server });
  const slow = createStorage({ driver: 's3', ...server, now: () => Date.now() - 3 * HOURS });
  return {
    driver: storage.datasets,
    slow_clock: slow.datasets,
    close: async () => {
      storage.close();
      slow.close();
      await stop();
    },
  };
}

storageContract(
  'Cloudflare’s local R2',
  async () => {
    const dir = await mkdtemp(join(tmpdir(), 'labelyard-r2-'));
    const server = await startLocalR2({ dir });
    return targetOn(server, async () => {
      await server.stop();
      await rm(dir, { recursive: true });
    });
  },
  { may_lack: ['response_headers'] },
);

const further = s3TestServer();
if (further) {
  storageContract(`the server of S3_TEST_ENDPOINT`, async () => targetOn(further, async () => undefined), {
    may_lack: ['response_headers', 'equal_parts', 'unknown_upload', 'unicode_forms', 'long_names', 'nested_keys'],
  });
}
