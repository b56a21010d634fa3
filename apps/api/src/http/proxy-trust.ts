import { BlockList, isIPv6 } from 'node:net';
import { PRIVATE_NETWORKS } from '@labelyard/config';

/** Where a proxy of ours can stand: this machine and private networks. */
const INSIDE = new BlockList();
INSIDE.addSubnet('127.0.0.0', 8, 'ipv4');
INSIDE.addAddress('::1', 'ipv6');
for (const { net, bits, family } of PRIVATE_NETWORKS) INSIDE.addSubnet(net, bits, family);

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
