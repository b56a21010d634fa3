import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createSocketServer } from 'node:net';
import { httpLoad, requestBytes } from './http-load.mjs';

const servers = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(server) {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

test('sends every request once, over kept-alive connections', async () => {
  const seen = [];
  const sockets = new Set();
  const port = await listening(
    createServer(async (request, response) => {
      sockets.add(request.socket);
      let body = '';
      for await (const chunk of request) body += chunk;
      seen.push(`${request.method} ${request.url} ${request.headers.authorization} ${body}`);
      response.end('x'.repeat(200_000));
    }),
  );
  const requests = [0, 1, 2, 3, 4].map((n) =>
    requestBytes({ method: 'POST', path: `/${n}`, token: 'T', body: `{"n":${n}}` }),
  );
  const load = await httpLoad({ port, requests, connections: 2, most: 5 });
  expect(seen.sort()).toEqual([0, 1, 2, 3, 4].map((n) => `POST /${n} Bearer T {"n":${n}}`));
  expect(sockets.size).toBe(2);
  expect(load.count).toBe(5);
  expect(load.latencies_ms).toHaveLength(5);
});

test('puts answers together that arrive in pieces', async () => {
  const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
  const port = await listening(
    createSocketServer((socket) => {
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('data', async () => {
        for (const piece of [answer.slice(0, 9), answer.slice(9, 37), answer.slice(37, 40), answer.slice(40)]) {
          await new Promise((resolve) => socket.write(piece, resolve));
        }
      });
    }),
  );
  expect((await httpLoad({ port, requests: [requestBytes({ path: '/' })], connections: 1, most: 3 })).count).toBe(3);
});

test('stops at a refusal, and says what was answered', async () => {
  const port = await listening(
    createServer((_request, response) => {
      response.statusCode = 403;
      response.end('not you');
    }),
  );
  const load = httpLoad({ port, requests: [requestBytes({ path: '/' })], connections: 1, most: 3 });
  await expect(load).rejects.toThrow(/403[^]*not you/);
});

test('needs an end', async () => {
  await expect(httpLoad({ port: 1, requests: [], connections: 1 })).rejects.toThrow('needs an end');
});
