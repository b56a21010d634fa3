import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a cutover calls to make the rehearsal's API and web start again: the `restart` of its environments. */
export interface RestartSwitch {
  /** A program and its arguments. */
  readonly command: readonly string[];
  close: () => Promise<void>;
}

/** Listens on loopback; each call restarts, and is answered when that is done. */
export async function openRestartSwitch(restart: () => Promise<void>): Promise<RestartSwitch> {
  const server = createServer((_request, response) => {
    restart().then(
      () => response.writeHead(204).end(),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const program = `fetch('http://127.0.0.1:${port}/').then(r => process.exit(r.ok ? 0 : 1))`;
  return {
    command: [process.execPath, '-e', program],
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
