import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { clientAddress } from './client-address';

/**
 * Corrects what Next does with requests for the API, at the moment Node announces a request and nobody has read it yet:
 * - X-Forwarded-For and X-Real-IP become the caller's real address. Next passes on whatever the client wrote, and proxy.ts
 *   cannot see the socket.
 * - The address of the API, which Next would tell every client in a header, stays inside.
 */
export function hookServer(trustedProxies: number): void {
  subscribe('http.server.request.start', (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    const forwarded = request.headers['x-forwarded-for'];
    const address = clientAddress(
      Array.isArray(forwarded) ? forwarded.join(',') : forwarded,
      request.socket.remoteAddress,
      trustedProxies,
    );
    request.headers['x-forwarded-for'] = address;
    request.headers['x-real-ip'] = address;
    delete request.headers.forwarded;

    const setHeader = response.setHeader.bind(response);
    response.setHeader = (name, value) =>
      name.toLowerCase() === 'x-middleware-rewrite' ? response : setHeader(name, value);
  });
}
