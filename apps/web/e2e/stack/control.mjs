// @ts-check
import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * @typedef {{ start: () => Promise<void>, stop: () => Promise<void>, kill: () => Promise<void> }} Controlled
 */

const DEEDS = /** @type {const} */ (['start', 'stop', 'kill']);

/**
 * What a journey uses to pull the plug: `POST /api/kill` answers 204 when the API's process is gone, `POST /api/start` when
 * it answers again. On loopback, for as long as the run lasts.
 *
 * @param {Record<string, Controlled>} programs
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startControl(programs) {
  /** @param {string} path @returns {Promise<[status: number, text?: string]>} */
  const obey = async (path) => {
    const [, name = '', deed = ''] = path.split('/');
    const program = Object.hasOwn(programs, name) ? programs[name] : undefined;
    const known = DEEDS.find((word) => word === deed);
    if (!program || !known) return [404];
    try {
      await program[known]();
      return [204];
    } catch (error) {
      return [500, String(error)];
    }
  };
  const server = createServer((request, answer) => {
    void obey(request.url ?? '').then(([status, text]) => answer.writeHead(status).end(text));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
