import { once } from 'node:events';
import { createServer } from 'node:net';
import { describePortHolder, findFreePort, isPortFree, listeningInodes } from './port-holder.mjs';

test('a listening port is taken, and its holder is named', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  expect(await isPortFree(port)).toBe(false);
  expect(describePortHolder(port)).toContain(`process ${process.pid} (`);
  server.close();
  await once(server, 'close');
  expect(await isPortFree(port)).toBe(true);
});

test('a port taken only on the other address family counts too', async () => {
  const server = createServer().listen(0, '::');
  await once(server, 'listening');
  expect(await isPortFree(server.address().port)).toBe(false);
  server.close();
});

test('finds a free port, which the system gives to nobody by itself', async () => {
  const port = await findFreePort();
  expect(await isPortFree(port)).toBe(true);
  expect(port).toBeLessThan(32_768);
});

test('reads the kernel’s table: only listening sockets of that port', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:0BC2 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1',
    '   1: 0100007F:0BC2 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 4712 1',
    '   2: 0100007F:1F4B 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1',
  ].join('\n');
  expect(listeningInodes(table, 3010)).toEqual(['4711']);
  expect(listeningInodes(table, 8011)).toEqual(['4713']);
});
