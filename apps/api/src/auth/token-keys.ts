import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** The secret that signs tokens, and the one before it while a rotation runs. */
export interface TokenSecrets {
  readonly current: string;
  readonly previous?: string | undefined;
}

/** Names a secret without telling it: the first 8 hex digits of its SHA-256. Goes into the token's `kid`. */
export function secretId(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 8);
}

/**
 * The secret a token must be verified with: the one its `kid` names; else, for tokens of the Platform, which may carry
 * another `kid` or none, the one whose signature it bears. A token that fits neither gets the current one and fails there.
 */
export function secretFor(token: string, { current, previous }: TokenSecrets): string {
  if (previous === undefined) return current;
  const kid = keyId(token);
  if (kid === secretId(current)) return current;
  if (kid === secretId(previous)) return previous;
  return isSignedBy(token, previous) ? previous : current;
}

function keyId(token: string): unknown {
  try {
    const header = JSON.parse(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString('utf8')) as unknown;
    return (header as { kid?: unknown } | null)?.kid;
  } catch {
    return undefined;
  }
}

function isSignedBy(token: string, secret: string): boolean {
  const end = token.lastIndexOf('.');
  const wanted = createHmac('sha256', secret)
    .update(token.slice(0, Math.max(end, 0)))
    .digest();
  const given = Buffer.from(token.slice(end + 1), 'base64url');
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
