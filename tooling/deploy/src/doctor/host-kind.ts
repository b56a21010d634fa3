import { BlockList, isIP } from 'node:net';
import { PRIVATE_NETWORKS } from '@labelyard/config';

/** How a host is reached: on this machine, in a network of one's own, or across the internet. */
export type HostKind = 'loopback' | 'private' | 'public';

const PRIVATE = new BlockList();
for (const { net, bits, family } of PRIVATE_NETWORKS) PRIVATE.addSubnet(net, bits, family);

/** By its name or address, as it stands in a URL. Names without a dot and `*.railway.internal` are private networks'. */
export function hostKind(hostname: string): HostKind {
  const host = hostname.replace(/^\[|\]$/gu, '').toLowerCase();
  const family = isIP(host);
  if (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '::1' ||
    (family === 4 && host.startsWith('127.'))
  )
    return 'loopback';
  if (family === 4 || family === 6) return PRIVATE.check(host, family === 4 ? 'ipv4' : 'ipv6') ? 'private' : 'public';
  return !host.includes('.') || /\.(?:railway\.internal|internal|local|lan)$/u.test(host) ? 'private' : 'public';
}
