import { hash } from 'node:crypto';
import type { EndpointName } from '@labelyard/contract';
import type { LabelerDb } from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import { Injectable, type DynamicModule, type ExecutionContext } from '@nestjs/common';
import { ThrottlerGuard, ThrottlerModule, type ThrottlerStorage } from '@nestjs/throttler';
import type { FastifyRequest } from 'fastify';
import { LABELER_DB } from '../connections.js';
import type { Env } from '../env.js';
import { callerNetwork } from './caller-network.js';

type LimitName = 'login_account' | 'login_ip' | 'export' | 'invitation';

/** Which limits hold where; `Endpoint` puts the guard before these. The others know only the general budget. */
export const LIMITED: Partial<Record<EndpointName, readonly LimitName[]>> = {
  'auth.login': ['login_account', 'login_ip'],
  // Guessing a password from inside a session counts like guessing it from outside.
  'auth.change_password': ['login_account'],
  'exports.create': ['export'],
  'exports.repeat': ['export'],
  'invitations.create': ['invitation'],
  'invitations.renew': ['invitation'],
};

/** Who is counted. A caller's network and an e-mail together, so that nobody can lock another person out from elsewhere. */
const TRACKERS: Record<LimitName, (request: FastifyRequest) => string> = {
  login_account: (request) => `${callerNetwork(request.ip)} ${emailOf(request)}`,
  login_ip: (request) => callerNetwork(request.ip),
  export: personOf,
  invitation: personOf,
};

function personOf({ auth, ip }: FastifyRequest): string {
  return auth?.user.id ?? callerNetwork(ip);
}

function emailOf({ input, auth }: FastifyRequest): string {
  const { email } = auth?.user ?? (input as { body: { email: string } }).body;
  return email.normalize('NFKC').toLowerCase();
}

/** The key a limit counts under. Hashed: e-mail addresses do not belong into a table of counters. */
function keyOf(name: string, tracker: string): string {
  return `${name}:${hash('sha256', tracker, 'base64url')}`;
}

/** Forgets the failed sign-ins that a good one followed. */
export async function forgetFailedLogins(db: LabelerDb, request: FastifyRequest): Promise<void> {
  await db.rateLimits.reset(keyOf('login_account', TRACKERS.login_account(request)));
}

/** Limits that all replicas count together, in Postgres. Runs after the access guard, when the body is parsed. */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  protected override async throwThrottlingException(
    _context: ExecutionContext,
    { timeToBlockExpire, timeToExpire }: { timeToBlockExpire: number; timeToExpire: number },
  ): Promise<void> {
    const retry_after = Math.max(1, Math.ceil(timeToBlockExpire || timeToExpire));
    throw new DomainError('rate_limited', `Too many attempts; try again in ${retry_after} s`, { retry_after });
  }
}

function limitsOf(context: ExecutionContext): readonly LimitName[] {
  const { endpoint } = context.switchToHttp().getRequest<FastifyRequest>();
  return (endpoint && LIMITED[endpoint.name]) ?? [];
}

/** The throttler, counting in the Labeler DB. */
export function rateLimitModule({ rate_limits }: Env): DynamicModule {
  const names = Object.keys(TRACKERS) as LimitName[];
  return ThrottlerModule.forRootAsync({
    inject: [LABELER_DB],
    useFactory: (db: LabelerDb) => ({
      storage: sharedStorage(db),
      setHeaders: false,
      generateKey: (_context, tracker, name) => keyOf(name, tracker),
      throttlers: names.map((name) => ({
        name,
        limit: rate_limits[name].limit,
        ttl: rate_limits[name].seconds * 1_000,
        skipIf: (context) => !rate_limits.enabled || !limitsOf(context).includes(name),
        getTracker: (request) => TRACKERS[name](request as FastifyRequest),
      })),
    }),
  });
}

function sharedStorage(db: LabelerDb): ThrottlerStorage {
  return {
    async increment(key, ttl_ms, limit, block_ms) {
      const hit = await db.rateLimits.hit(key, { ttl_ms, limit, block_ms });
      return {
        totalHits: hit.total_hits,
        timeToExpire: hit.resets_in,
        isBlocked: hit.is_blocked,
        timeToBlockExpire: hit.block_ends_in,
      };
    },
  };
}
