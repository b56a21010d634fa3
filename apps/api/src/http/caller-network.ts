import { isIPv6 } from 'node:net';

/** Groups of an IPv6 address that name a network: whoever has one address of it has all 2^64. */
const NETWORK_GROUPS = 4;

/** What callers who are not signed in are counted by: their IPv4 address, or the /64 of their IPv6 address. */
export function callerNetwork(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu.exec(address);
  if (mapped?.[1]) return mapped[1];
  if (!isIPv6(address)) return address;
  const [left = [], right = []] = address
    .replace(/%.*$/u, '')
    .split('::')
    .map((half) => half.split(':').filter(Boolean));
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  const groups = [...left, ...zeros, ...right].slice(0, NETWORK_GROUPS);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
