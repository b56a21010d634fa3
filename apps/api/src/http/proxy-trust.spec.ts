import { proxyTrust } from './proxy-trust.js';

test('without a proxy nothing is believed', () => {
  expect(proxyTrust(0)).toBe(false);
});

test.each([
  ['127.0.0.1', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['10.2.3.4', true],
  ['100.64.0.7', true],
  ['fd12:91ec::1', true],
  ['203.0.113.5', false],
  ['::ffff:203.0.113.5', false],
  ['2001:db8::1', false],
])('one proxy at %s is believed: %s', (address, believed) => {
  const trust = proxyTrust(1);
  expect(trust && trust(address, 0)).toBe(believed);
  expect(trust && trust(address, 1)).toBe(false);
});

test('the second of two may stand anywhere', () => {
  const trust = proxyTrust(2);
  expect(trust && trust('203.0.113.5', 1)).toBe(true);
});
