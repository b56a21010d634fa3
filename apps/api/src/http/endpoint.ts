import {
  ENDPOINTS,
  type EndpointName,
  type EndpointRequest,
  type EndpointResponse,
  type Endpoints,
  type EndpointSpec,
} from '@labelyard/contract';
import type { Access, AccessSubject } from '@labelyard/db';
import { RequestMapping, RequestMethod, type Type } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Auth, ProjectAuth } from '../auth/auth-context.js';
import type { JsonText } from './json-text.js';

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

/** What a handler says that has sent its answer itself, as a stream for instance. */
export const ANSWERED = Symbol('answered');
export type Answered = typeof ANSWERED;

/** What a handler may answer: the response (nothing of it is changed), or its JSON as text for hot paths. */
export type AnswerOf<Name extends EndpointName> = Unchanged<EndpointResponse<Endpoints[Name]>> | JsonText;
type Unchanged<T> = unknown extends T ? T : { readonly [K in keyof T]: Unchanged<T[K]> };

type Handler<Name extends EndpointName> = (
  input: InputOf<Name>,
  auth: AuthOf<Name>,
  request: FastifyRequest,
  reply: FastifyReply,
) => AnswerOf<Name> | Answered | Promise<AnswerOf<Name> | Answered>;

/** A method of a controller that serves an endpoint. */
export interface EndpointMethod {
  readonly controller: Type<object>;
  readonly key: string | symbol;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Which entry of the contract the route serves, and what does. */
    endpoint?: EndpointMethod & { readonly name: EndpointName };
  }
  interface FastifyRequest {
    /** Who asks; null until the token was verified, and on public endpoints. */
    auth: Auth | null;
    /** The project the caller was let into. */
    project: Access | null;
    /** What the caller asks to get at, from when that is known. */
    wanted: AccessSubject | null;
    /** Parsed as the contract says. */
    input: { params: unknown; query: unknown; body: unknown } | null;
  }
}

/**
 * Binds a handler to its entry in the contract: method, path, status, access and parsing all come from there. The handler receives the
 * parsed input and who asks, then Fastify's request and reply. How it is called: `EndpointCalls`.
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
    RequestMapping({ method: RequestMethod[spec.method], path: routePath(spec) })(target, key, descriptor);
    const endpoint = { name, controller: target.constructor as Type<object>, key };
    RouteConfig({ endpoint })(target, key, descriptor);
  };
}

/** `{name}` becomes `:name`; the contract's `rest` parameter takes everything that is left, slashes included. */
export function routePath(spec: EndpointSpec): string {
  return spec.path.replace(/\{(\w+)\}/gu, (_match, name: string) => (name === spec.rest ? '*' : `:${name}`));
}
