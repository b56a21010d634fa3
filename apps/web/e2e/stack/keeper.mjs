// @ts-check
// Outlives the run on purpose: when the run has ended, whatever killed it, stops its Postgres and removes its folder.
// Arguments: the folder, and the data folder of Postgres in it.
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { stopCluster } from '@labelyard/embedded-postgres';

const [, , dir, dataDir] = process.argv;
if (!dir || !dataDir) throw new Error('keeper.mjs <folder of the run> <data folder of Postgres>');

// Ctrl-C in the terminal reaches this process as well; its work comes after.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => {});
process.stdin.on('error', () => {});
process.stdin.resume();
await once(process.stdin, 'end');
await stopCluster({ dataDir });
rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
