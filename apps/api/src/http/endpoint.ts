import {
  ENDPOINTS,
  type EndpointName,
  type EndpointRequest,
  type EndpointResponse,
  type Endpoints,
  type EndpointSpec,
} from '@labelyard/contract';
import type { Access, AccessSubject } from '@labelyard/db';
import {
  createParamDecorator,
  HttpCode,
  RequestMapping,
  RequestMethod,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { Auth, ProjectAuth } from '../auth/auth-context.js';
import { IdempotencyInterceptor } from '../idempotency/idempotency.interceptor.js';
import type { JsonText } from './json-text.js';
import { LIMITED, RateLimitGuard } from './rate-limit.guard.js';

/** Parsed `params`, `query` and `body` of an endpoint's request. */
export type InputOf<Name extends EndpointName> = EndpointRequest<Endpoints[Name]>;

/** Who asks, and for endpoints that need a role, on which project. */
export type AuthOf<Name extends EndpointName> = Endpoints[Name]['access'] extends infer A
  ? A extends { action: string }
    ? ProjectAuth
    : A extends 'self' | { system: string }
      ? Auth
      : null
  : never;

/** What a handler may answer: the response (nothing of it is changed), or its JSON as text for hot paths. */
export type AnswerOf<Name extends EndpointName> = Unchanged<EndpointResponse<Endpoints[Name]>> | JsonText;
type Unchanged<T> = unknown extends T ? T : { readonly [K in keyof T]: Unchanged<T[K]> };

type Handler<Name extends EndpointName> = (
  input: InputOf<Name>,
  auth: AuthOf<Name>,
  // Whatever else the handler takes comes by Nest's own parameter decorators.
  ...rest: never[]
) => AnswerOf<Name> | Promise<AnswerOf<Name>>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Which entry of the contract the route serves. */
    endpoint?: EndpointName;
  }
  interface FastifyRequest {
    /** Who asks; null until the token was verified, and on public endpoints. */
    auth: Auth | null;
    /** The project the guard let the caller into. */
    project: Access | null;
    /** What the caller asks to get at, from when the guard knows it. */
    wanted: AccessSubject | null;
    /** Set by the guard when the request satisfies the contract. */
    input: { params: unknown; query: unknown; body: unknown } | null;
  }
}

const Input = createParamDecorator(
  (_data: unknown, context) => context.switchToHttp().getRequest<FastifyRequest>().input,
);

const AuthParam = createParamDecorator((_data: unknown, context): Auth | ProjectAuth | null => {
  const { auth, project } = context.switchToHttp().getRequest<FastifyRequest>();
  return auth && project ? { ...auth, project } : auth;
});

/**
 * Binds a handler to its entry in the contract: method, path, status, access and parsing all come from there. The handler
 * receives the parsed input, then who asks; further parameters by Nest's decorators (`@Req()`, `@Res({ passthrough: true })`).
 *
 *     @Endpoint('datasets.get')
 *     get({ params }: InputOf<'datasets.get'>, auth: ProjectAuth) {…}
 */
export function Endpoint<Name extends EndpointName>(name: Name) {
  const spec: EndpointSpec = ENDPOINTS[name];
  return <H extends Handler<Name>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<H>,
  ): void => {
    Input()(target, key, 0);
    AuthParam()(target, key, 1);
    RequestMapping({ method: RequestMethod[spec.method], path: routePath(spec) })(target, key, descriptor);
    HttpCode(spec.status)(target, key, descriptor);
    RouteConfig({ endpoint: name })(target, key, descriptor);
    if (LIMITED[name]) UseGuards(RateLimitGuard)(target, key, descriptor);
    if (isRepeatable(spec)) UseInterceptors(IdempotencyInterceptor)(target, key, descriptor);
  };
}

/** JSON POSTs of people signed in honour `Idempotency-Key`. */
export function isRepeatable(spec: EndpointSpec): boolean {
  const signed_in = spec.access !== 'public' && spec.access !== 'signed';
  return signed_in && spec.method === 'POST' && (spec.body_kind ?? 'json') === 'json';
}

/** `{name}` becomes `:name`; the contract's `rest` parameter takes everything that is left, slashes included. */
export function routePath(spec: EndpointSpec): string {
  return spec.path.replace(/\{(\w+)\}/gu, (_match, name: string) => (name === spec.rest ? '*' : `:${name}`));
}
