import { hash, randomUUID } from 'node:crypto';
import type { EndedSession } from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import jwt from 'jsonwebtoken';
import { Strategy, type StrategyOptionsWithoutRequest } from 'passport-jwt';
import { BoundedCache } from '../people/bounded-cache.js';
import { secretFor, secretId, type TokenSecrets } from './token-keys.js';

export interface TokenOptions {
  readonly secrets: TokenSecrets;
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  readonly expires_in_seconds: number;
}

/** What a verified token says. */
export interface TokenClaims {
  readonly user_id: string;
  /** The person's `session_epoch` when the session began. 0 in tokens of others. */
  readonly epoch: number;
  /** Seconds since 1970. */
  readonly exp: number;
}

/** The only algorithm: a token that names another one, or none, is refused whatever its signature. */
const ALGORITHM = 'HS256';
/** Clocks of two servers differ. */
const CLOCK_TOLERANCE_SECONDS = 5;
/** Tokens remembered as verified; some 600 bytes each. */
const REMEMBERED = 20_000;
/** Longer than any token of ours or the Platform's; not worth looking at beyond. */
const MAX_TOKEN_LENGTH = 8_192;

/** Of a token's text: enough that no two of them meet by chance. */
const KEY_CHARS = 32;

interface VerifiedToken extends TokenClaims {
  readonly token: string;
  /** Made at its first request alone. */
  readonly token_hash: string;
}

/** Makes and verifies the tokens that sessions and programs use. */
export class Tokens {
  private readonly strategy: Strategy;
  /** By the end of the token's text, most of its signature: to look up by all of it takes as long as the rest of the check. */
  private readonly verified = new BoundedCache<VerifiedToken>(REMEMBERED);
  /** When each would have run out, in the order they were ended. */
  private readonly ended = new Map<string, number>();

  constructor(
    private readonly options: TokenOptions,
    private readonly now: () => number = Date.now,
  ) {
    const strategy: StrategyOptionsWithoutRequest = {
      jwtFromRequest: (request) => (request as unknown as { token: string }).token,
      secretOrKeyProvider: (_request, token: string, done) => done(null, secretFor(token, options.secrets)),
      algorithms: [ALGORITHM],
      issuer: options.issuer,
      audience: options.audience,
      jsonWebTokenOptions: { clockTolerance: CLOCK_TOLERANCE_SECONDS },
    };
    this.strategy = new Strategy(strategy, (payload: Record<string, unknown>, done) => {
      const claims = toClaims(payload);
      if (claims) done(null, claims);
      else done(null, false, new Error('The token says neither whose nor until when it is'));
    });
  }

  sign(user_id: string, epoch = 0): { token: string; expires_in: number } {
    const { secrets, issuer, audience, expires_in_seconds } = this.options;
    const token = jwt.sign({ iat: Math.floor(this.now() / 1_000), epoch }, secrets.current, {
      algorithm: ALGORITHM,
      // Two sessions that begin in the same second are two.
      jwtid: randomUUID(),
      keyid: secretId(secrets.current),
      subject: user_id,
      expiresIn: expires_in_seconds,
      ...(issuer !== undefined && { issuer }),
      ...(audience !== undefined && { audience }),
    });
    return { token, expires_in: expires_in_seconds };
  }

  /** @throws unauthorized, whatever is wrong with the token; details.reason tells `expired` and `ended` from `invalid` */
  verify(token: string): TokenClaims {
    if (token.length > MAX_TOKEN_LENGTH) throw refusal('invalid');
    const key = token.slice(-KEY_CHARS);
    const known = this.verified.get(key);
    if (known?.token === token) {
      if (known.exp + CLOCK_TOLERANCE_SECONDS <= this.now() / 1_000) {
        this.verified.delete(key);
        throw refusal('expired');
      }
      if (this.ended.has(known.token_hash)) throw refusal('ended');
      return known;
    }
    const claims = { ...this.check(token), token, token_hash: tokenHash(token) };
    if (this.ended.has(claims.token_hash)) throw refusal('ended');
    this.verified.set(key, claims);
    return claims;
  }

  /** What the token says; null when it is not, or no longer, good. */
  claimsOf(token: string): TokenClaims | null {
    try {
      return this.verify(token);
    } catch {
      return null;
    }
  }

  /** From now on the session's token is refused. */
  end({ token_hash, expires_at }: EndedSession): void {
    for (const [earlier, at] of this.ended) {
      if (at + CLOCK_TOLERANCE_SECONDS * 1_000 > this.now()) break;
      this.ended.delete(earlier);
    }
    this.ended.set(token_hash, Date.parse(expires_at));
  }

  /** Drives the passport strategy for one token, the way passport does for a request; all of it is synchronous. */
  private check(token: string): TokenClaims {
    let outcome: TokenClaims | Error = new Error('The token was not verified');
    const attempt = Object.assign(Object.create(this.strategy) as Strategy, {
      success: (claims: TokenClaims) => (outcome = claims),
      fail: (reason: Error) => (outcome = reason),
      error: (reason: Error) => (outcome = reason),
    });
    attempt.authenticate({ token } as never);
    // TypeScript does not see the assignments in the callbacks.
    const result = outcome as TokenClaims | Error;
    if (result instanceof Error) throw refusal(result.name === 'TokenExpiredError' ? 'expired' : 'invalid', result);
    return result;
  }
}

/** `sub`, or `user_id` in tokens of the Platform. A token without an end is refused: it could never be taken back. */
function toClaims({ sub, user_id, exp, epoch }: Record<string, unknown>): TokenClaims | null {
  const id = sub ?? user_id;
  if ((typeof id !== 'string' && typeof id !== 'number') || id === '' || typeof exp !== 'number') return null;
  return { user_id: String(id), epoch: typeof epoch === 'number' ? epoch : 0, exp };
}

/** What a session is known by where its token must not be kept. */
export function tokenHash(token: string): string {
  return hash('sha256', token, 'base64');
}

const REFUSALS = {
  expired: 'The session has expired; sign in again',
  ended: 'This session was ended; sign in again',
  invalid: 'The token is not valid; sign in again',
} as const;

function refusal(reason: keyof typeof REFUSALS, cause?: Error): DomainError {
  return new DomainError('unauthorized', REFUSALS[reason], { reason }, { cause });
}
