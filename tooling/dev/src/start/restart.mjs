// `node tooling/dev/bin/labelyard.mjs restart`: the running npm start reads .env again and restarts API and web.
import { ROOT } from '../bootstrap/workspace-paths.mjs';
import { requestRestart } from './restart-requests.mjs';
import { readSettings } from './settings.mjs';
import { readStartEnvironment } from './start-environment.mjs';

try {
  const { dataDir } = readSettings(readStartEnvironment(process.env, ROOT), ROOT);
  console.log(await requestRestart(dataDir));
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exitCode = 1;
}
