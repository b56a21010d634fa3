import { BlockList, isIPv6 } from 'node:net';

/** Where a proxy of ours can stand: this machine and private networks (100.64/10 is what hosting platforms use inside). */
const INSIDE = new BlockList();
for (const [net, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const)
  INSIDE.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  INSIDE.addSubnet(net, bits, 'ipv6');

const PEERS_REMEMBERED = 10_000;
const peers = new Map<string, boolean>();

/** Whether an address is inside; the few peers that make most requests are looked up once. */
function isInside(address: string): boolean {
  let inside = peers.get(address);
  if (inside === undefined) {
    inside = INSIDE.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
    if (peers.size >= PEERS_REMEMBERED) peers.clear();
    peers.set(address, inside);
  }
  return inside;
}

/**
 * Fastify's `trustProxy` for exactly `hops` proxies in front: that many of the last entries of X-Forwarded-For are believed,
 * and only when the connection itself comes from inside. Somebody who reaches the API directly from the internet can write
 * whatever they like into the header and is still counted by their own address.
 */
export function proxyTrust(hops: number): false | ((address: string, distance: number) => boolean) {
  if (hops === 0) return false;
  return (address, distance) => distance < hops && (distance > 0 || isInside(address));
}
