import { hash } from 'node:crypto';
import type { EndpointName } from '@labelyard/contract';
import type { LabelerDb } from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { InjectEnv, InjectLabelerDb } from '../connections.js';
import type { Env } from '../env.js';
import { callerNetwork } from './caller-network.js';

type LimitName = 'login_account' | 'login_ip' | 'export' | 'invitation';

/** Which limits hold where. Other endpoints know only the general budget. */
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

/** Limits that all replicas count together, in Postgres. Asked after access, when the body is parsed. */
@Injectable()
export class RateLimits {
  constructor(
    @InjectEnv() private readonly env: Env,
    @InjectLabelerDb() private readonly db: LabelerDb,
  ) {}

  /** @throws rate_limited */
  async spend(names: readonly LimitName[], request: FastifyRequest): Promise<void> {
    const { enabled, ...limits } = this.env.rate_limits;
    if (!enabled) return;
    for (const name of names) {
      const { limit, seconds } = limits[name];
      const ttl_ms = seconds * 1_000;
      const hit = await this.db.rateLimits.hit(keyOf(name, TRACKERS[name](request)), {
        ttl_ms,
        limit,
        block_ms: ttl_ms,
      });
      if (!hit.is_blocked) continue;
      const retry_after = Math.max(1, Math.ceil(hit.block_ends_in || hit.resets_in));
      throw new DomainError('rate_limited', `Too many attempts; try again in ${retry_after} s`, { retry_after });
    }
  }
}
