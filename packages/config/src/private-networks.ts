/**
 * Networks that are reached from inside only (RFC 1918, 3927, 4193, 4291; 100.64/10 of RFC 6598 is what hosting platforms use inside).
 * This machine itself is not among them.
 */
export const PRIVATE_NETWORKS = [
  { family: 'ipv4', net: '10.0.0.0', bits: 8 },
  { family: 'ipv4', net: '172.16.0.0', bits: 12 },
  { family: 'ipv4', net: '192.168.0.0', bits: 16 },
  { family: 'ipv4', net: '169.254.0.0', bits: 16 },
  { family: 'ipv4', net: '100.64.0.0', bits: 10 },
  { family: 'ipv6', net: 'fc00::', bits: 7 },
  { family: 'ipv6', net: 'fe80::', bits: 10 },
] as const;
