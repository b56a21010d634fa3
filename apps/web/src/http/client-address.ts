/**
 * The address a request really comes from. Whoever connects may write anything into X-Forwarded-For; only the last `hops`
 * entries were added by proxies we run behind, so the caller is the entry they saw first.
 *
 * @param forwardedFor the header as received, addresses from the first hop to the last
 * @param peer the socket's remote address
 * @param hops trusted proxies in front of this process; 0 believes the socket only
 */
export function clientAddress(forwardedFor: string | undefined, peer: string | undefined, hops: number): string {
  const chain = (forwardedFor ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
  const seen = [...chain, peer ?? ''];
  const address = seen.at(-1 - Math.min(hops, seen.length - 1)) ?? '';
  // Node writes IPv4 on a dual-stack socket as ::ffff:1.2.3.4.
  return address.replace(/^::ffff:(?=\d+\.)/iu, '');
}
