import { clientAddress } from './client-address';

test.each([
  ['no header', undefined, '10.0.0.9', 0, '10.0.0.9'],
  ['a forged header, no proxy in front', '1.2.3.4', '10.0.0.9', 0, '10.0.0.9'],
  ['one proxy wrote the caller', '203.0.113.7', '10.0.0.9', 1, '203.0.113.7'],
  ['a forged entry before the proxy’s own', '1.2.3.4, 203.0.113.7', '10.0.0.9', 1, '203.0.113.7'],
  ['two proxies', '1.2.3.4, 203.0.113.7, 10.0.0.8', '10.0.0.9', 2, '203.0.113.7'],
  ['fewer entries than proxies', undefined, '10.0.0.9', 2, '10.0.0.9'],
  ['IPv4 on a dual-stack socket', undefined, '::ffff:127.0.0.1', 0, '127.0.0.1'],
  ['IPv6', undefined, '2001:db8::1', 0, '2001:db8::1'],
  ['nothing known', undefined, undefined, 1, ''],
])('%s', (_name, header, peer, hops, expected) => {
  expect(clientAddress(header, peer, hops)).toBe(expected);
});
