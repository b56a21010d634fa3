// What `yard storage sync` does, as a process of its own. Argument: JSON with the server and the folder of the record.
import { syncBucket } from '@labelyard/deploy/sync-bucket';
import { createStorage } from '@labelyard/storage';

const { server, folder } = JSON.parse(process.argv[2] ?? '');
const storage = createStorage({ driver: 's3', ...server, max_attempts: 1 });
const report = await syncBucket({
  source: storage.datasets,
  target: storage.annotations,
  folder,
  signal: new AbortController().signal,
});
storage.close();
if (report.failed > 0) throw new Error(`${report.failed} objects were not copied: ${report.failures[0]?.message}`);
