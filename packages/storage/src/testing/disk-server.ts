import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { DiskObjectServer } from '../disk/object-server.js';

/** Serves signed URLs of a disk storage on a free loopback port, as the API's route does. */
export async function serveDiskObjects(
  objects: () => DiskObjectServer | null,
): Promise<{ origin: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const aborted = new AbortController();
    response.once('close', () => aborted.abort());
    void (async () => {
      const answer = await objects()?.handle({
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: request,
        signal: aborted.signal,
      });
      if (!answer) throw new Error('Nothing is served yet.');
      response.writeHead(answer.status, answer.headers);
      if (answer.body) await pipeline(answer.body, response);
      else response.end(answer.error && JSON.stringify({ error: answer.error }));
      request.resume();
    })().catch((error: Error) => {
      if (!response.headersSent) response.writeHead(503);
      response.end(error.message);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
