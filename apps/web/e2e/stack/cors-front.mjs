// @ts-check
// R2 and every other S3 service let the owner of a bucket say which web pages may use it; the local R2 of wrangler has no
// such setting. This stands in front of it and does only that: answers preflights and adds the CORS headers, for one origin.
// Everything else goes through as it is, the Host header too, because it is part of what the client has signed.
import { once } from 'node:events';
import { createServer, request } from 'node:http';

const METHODS = 'GET, HEAD, PUT';

/**
 * @param {{ target: string, allow: string }} options address of the S3 API; origin of the pages
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>} the same API at another address
 */
export async function startCorsFront({ target, allow }) {
  const { hostname, port, pathname } = new URL(target);
  const server = createServer((incoming, answer) => {
    const allowed = incoming.headers.origin === allow;
    if (incoming.method === 'OPTIONS' && incoming.headers['access-control-request-method']) {
      answer.writeHead(allowed ? 204 : 403, allowed ? preflight(allow, incoming) : {}).end();
      return;
    }
    const { method, url: path, headers } = incoming;
    const forward = request({ hostname, port, method, path, headers, setHost: false }, (upstream) => {
      const cors = allowed ? { 'access-control-allow-origin': allow, 'access-control-expose-headers': 'ETag' } : {};
      answer.writeHead(upstream.statusCode ?? 502, { ...upstream.headers, ...cors, vary: 'Origin' });
      upstream.pipe(answer);
    });
    forward.on('error', () => answer.headersSent || answer.writeHead(502).end());
    incoming.on('error', () => forward.destroy());
    answer.on('close', () => answer.writableFinished || forward.destroy());
    incoming.pipe(forward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: own } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${own}${pathname.replace(/\/$/u, '')}`,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** @param {string} origin @param {import('node:http').IncomingMessage} incoming */
function preflight(origin, incoming) {
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': METHODS,
    'access-control-allow-headers': incoming.headers['access-control-request-headers'] ?? '',
    'access-control-max-age': '600',
    vary: 'Origin',
  };
}
