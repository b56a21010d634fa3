import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hookServer } from './server-hooks';

let server: Server;
let seen: IncomingHttpHeaders;

beforeAll(async () => {
  hookServer(0);
  server = createServer((request, response) => {
    seen = request.headers;
    response.setHeader('X-Middleware-Rewrite', 'http://api.internal:8011/api/v1/datasets');
    response.setHeader('x-other', 'kept');
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => new Promise((done) => server.close(done)));

const call = (headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { headers });

test('a forged address never reaches the handlers', async () => {
  await call({ 'x-forwarded-for': '1.2.3.4', 'x-real-ip': '1.2.3.4', forwarded: 'for=1.2.3.4' });
  expect(seen).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1' });
  expect(seen).not.toHaveProperty('forwarded');
});

test('the address behind the proxy stays inside', async () => {
  const { headers } = await call();
  expect(headers.get('x-middleware-rewrite')).toBeNull();
  expect(headers.get('x-other')).toBe('kept');
});
