import { DomainError, roleOfScopes, serviceUserId } from '@labelyard/domain';
import type { PersonWithOrganization, ServiceTokenRow } from '@labelyard/db';
import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import type { BoundEndpoint } from '../http/bound-endpoints.js';
import { callerNetwork } from '../http/caller-network.js';
import type { RequestBudget } from '../http/request-budget.js';
import type { People } from '../people/people.js';
import type { ServiceTokenCheck } from '../service-tokens/service-token-check.js';
import { looksLikeServiceToken } from '../service-tokens/token-secret.js';
import type { Auth, Credential } from './auth-context.js';
import { checkForeignOrigin, checkOrigin } from './origin-check.js';
import { sessionToken } from './session-cookie.js';
import type { TokenClaims, Tokens } from './tokens.js';

const BEARER = /^bearer +(\S+) *$/iu;

export interface AuthenticatorOptions {
  readonly tokens: Tokens;
  readonly people: People;
  readonly services: ServiceTokenCheck;
  readonly budget: RequestBudget;
  readonly allowed_origins: ReadonlySet<string>;
}

/**
 * Says who asks, before a byte of the body is read: what an endpoint's requests begin with. Whether they may is for `AccessCheck` to
 * decide, which refuses whoever did not pass here.
 */
export function authenticator({ tokens, people, services, budget, allowed_origins }: AuthenticatorOptions) {
  const admit = (
    request: FastifyRequest,
    user: PersonWithOrganization | null,
    credential: Credential,
    { epoch }: TokenClaims,
  ): void => {
    if (!user?.is_active)
      throw new DomainError('unauthorized', 'This account does not exist or is switched off', { reason: 'inactive' });
    // A session that is ahead began after what is remembered of the person was read.
    if (epoch < user.session_epoch)
      throw new DomainError('unauthorized', 'This session was ended; sign in again', { reason: 'ended' });
    if (credential === 'cookie') checkOrigin(request, allowed_origins);
    budget.spend(user.id);
    request.auth = toAuth(user, credential);
  };

  const admitService = async (request: FastifyRequest, secret: string): Promise<void> => {
    const service = await services.find(secret).catch((error: unknown) => {
      throw budget.spendSafely(callerNetwork(request.ip)) ?? error;
    });
    budget.spend(serviceUserId(service.id));
    request.auth = serviceAuth(service);
  };

  return (endpoint: BoundEndpoint): onRequestHookHandler => {
    const { access, tag, method } = endpoint.spec;
    if (access === 'public' || access === 'signed') {
      const writes = access === 'public' && method !== 'GET';
      const counted = tag !== 'health';
      return (request, reply, done) => {
        request.endpoint = endpoint;
        // Pictures are shown by the web app, which may be on another site.
        if (access === 'signed') void reply.header('cross-origin-resource-policy', 'cross-origin');
        try {
          if (counted) budget.spend(callerNetwork(request.ip));
          if (writes) checkForeignOrigin(request, allowed_origins);
        } catch (error) {
          return done(error as Error);
        }
        done();
      };
    }
    return (request, _reply, done) => {
      request.endpoint = endpoint;
      let claims: TokenClaims;
      let credential: Credential;
      try {
        let token: string;
        ({ token, credential } = credentialsOf(request));
        if (credential === 'bearer' && looksLikeServiceToken(token)) {
          services.checkForm(token);
          admitService(request, token).then(() => done(), done);
          return;
        }
        claims = tokens.verify(token);
        const known = people.known(claims.user_id);
        if (known) {
          admit(request, known, credential, claims);
          return done();
        }
      } catch (error) {
        // Whoever tries tokens is counted by address.
        return done(budget.spendSafely(callerNetwork(request.ip)) ?? (error as Error));
      }
      people
        .get(claims.user_id)
        .then((user) => admit(request, user, credential, claims))
        .then(() => done(), done);
    };
  };
}

/** Every session this request shows, by header and by cookie. */
export function sessionsOf({ headers: { authorization, cookie } }: FastifyRequest): string[] {
  return [BEARER.exec(authorization ?? '')?.[1], sessionToken(cookie)].filter((token) => token != null);
}

/** A bearer token wins over the cookie: who sends one means it. */
function credentialsOf(request: FastifyRequest): { token: string; credential: Credential } {
  const { authorization, cookie } = request.headers;
  if (authorization !== undefined) {
    const match = BEARER.exec(authorization);
    if (match?.[1]) return { token: match[1], credential: 'bearer' };
    throw new DomainError('unauthorized', 'The Authorization header must be "Bearer <token>"', { reason: 'invalid' });
  }
  const token = sessionToken(cookie);
  if (token) return { token, credential: 'cookie' };
  throw new DomainError('unauthorized', 'Sign in first: POST /api/v1/auth/login', { reason: 'missing' });
}

function toAuth(user: PersonWithOrganization, credential: Credential): Auth {
  return {
    user,
    viewer: { user_id: user.id, organization_id: user.organization_id },
    credential,
    service: null,
    idempotency: null,
  };
}

/** A program as handlers see it: nobody of the User DB, without rights in the installation. */
function serviceAuth(service: ServiceTokenRow): Auth {
  const id = serviceUserId(service.id);
  return {
    user: {
      id,
      email: '',
      full_name: service.name,
      company: null,
      division: null,
      department: null,
      organization_id: null,
      organization: null,
      system_role: 'guest',
      is_active: true,
      avatar_name: null,
      badge_color: null,
      session_epoch: 0,
      created_at: service.created_at,
    },
    viewer: {
      user_id: id,
      organization_id: null,
      service: { role: roleOfScopes(service.scopes), project_id: service.project_id },
    },
    credential: 'bearer',
    service,
    idempotency: null,
  };
}
