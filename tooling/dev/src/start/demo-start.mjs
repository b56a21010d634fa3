// The first start's demo: people through the API's own command, everything else through its public HTTP interface.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFreePort } from '@labelyard/embedded-postgres';
import { DEMO_MARK, DEMO_PASSWORD, DEMO_PEOPLE } from '../demo/demo-people.mjs';
import { seedDataset } from '../demo/seed-dataset.mjs';

/**
 * Done once per data folder, before the API takes its public port: whoever finds it answering finds the demo complete,
 * as project 1. Interrupted, it goes on at the next start. A failure is told and does not stop the start.
 *
 * @param {object} options
 * @param {string} options.dataDir
 * @param {import('./parts.mjs').ApiParts} options.parts
 * @param {(part: import('./service.mjs').Service) => void} options.register makes it stop with everything else
 * @param {(line: string) => void} options.say
 * @param {AbortSignal} options.signal
 */
export async function seedDemo({ dataDir, parts, register, say, signal }) {
  say('Making the demo people and dataset (only at the first start)');
  try {
    const people = DEMO_PEOPLE.map(({ email, full_name, system_role }) =>
      JSON.stringify({ email, full_name, system_role, password: DEMO_PASSWORD }),
    );
    await parts.addPeople(`${people.join('\n')}\n`);
    const port = await findFreePort();
    const api = parts.createApi(port);
    register(api);
    try {
      await api.start();
      signal.throwIfAborted();
      const made = await seedDataset({ origin: parts.apiOrigin(port), labelerUrl: parts.labelerUrl, signal });
      say(`Demo dataset: ${made.images} images, ${made.annotations} labels`);
    } finally {
      await api.stop();
    }
    writeFileSync(join(dataDir, DEMO_MARK), `${new Date().toISOString()}\n`);
  } catch (error) {
    signal.throwIfAborted();
    say(`The demo is not complete and will be tried again at the next start: ${/** @type {Error} */ (error).message}`);
  }
}
