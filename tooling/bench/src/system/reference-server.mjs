// Starts the bare servers of src/references.
import { join } from 'node:path';
import { findFreePort } from '@labelyard/embedded-postgres';
import { answers, startServer } from './node-process.mjs';

const REFERENCES = join(import.meta.dirname, '..', 'references');

/**
 * @param {import('../harness/lab.mjs').Lab} lab
 * @param {string} program file in src/references
 * @param {Record<string, string>} env
 * @returns {Promise<import('./node-process.mjs').Server & { port: number, origin: string }>}
 */
export async function startReference(lab, program, env) {
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const server = await startServer([join(REFERENCES, program)], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...env, PORT: String(port) },
    logFile: join(lab.folder, `${program}-${port}.log`),
    ready: () => answers(origin),
  });
  lab.later(server.stop);
  return { ...server, port, origin };
}
