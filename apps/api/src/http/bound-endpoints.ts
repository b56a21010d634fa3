import { ENDPOINTS, type EndpointName, type EndpointSpec } from '@labelyard/contract';
import type { FastifyInstance, onRequestHookHandler, RouteHandlerMethod } from 'fastify';
import type { EndpointMethod } from './endpoint.js';

/** An entry of the contract as a request carries it around. */
export interface BoundEndpoint {
  readonly name: EndpointName;
  readonly spec: EndpointSpec;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What is being called; null where no endpoint of the contract is. */
    endpoint: BoundEndpoint | null;
  }
}

/** Routes that are not of the contract, and why they may be there. */
export const OTHER_ROUTES: readonly { readonly method: string; readonly url: RegExp; readonly why: string }[] = [
  { method: 'OPTIONS', url: /^\*$/u, why: 'CORS preflight, answered from the headers alone' },
  { method: 'GET', url: /^\/docs(?:\/.*)?$/u, why: 'the API’s documentation' },
];

/**
 * Watches routes as they are registered: each must serve one entry of the contract, each entry is served once, and every
 * route starts with `before` (who asks, and may anything be changed now?) and calls what `handler` makes of its method. Anything else
 * stops the server before it listens.
 */
export function watchRoutes(
  instance: FastifyInstance,
  door: {
    before(endpoint: BoundEndpoint): readonly onRequestHookHandler[];
    handler(endpoint: BoundEndpoint, method: EndpointMethod): RouteHandlerMethod;
  },
): { assertComplete(): void } {
  const bound = new Set<EndpointName>();
  instance.addHook('onRoute', (route) => {
    const served = route.config?.endpoint;
    // Fastify adds a HEAD route to each GET route by itself.
    const methods = [route.method].flat();
    if (!served) {
      const known = methods.every((method) =>
        OTHER_ROUTES.some((other) => other.url.test(route.url) && (other.method === method || method === 'HEAD')),
      );
      if (!known) throw new Error(`The route ${methods.join()} ${route.url} is not in the contract`);
      return;
    }
    const { name } = served;
    const endpoint: BoundEndpoint = { name, spec: ENDPOINTS[name] };
    if (!methods.includes('HEAD')) {
      if (bound.has(name)) throw new Error(`The endpoint ${name} is bound twice`);
      bound.add(name);
    }
    route.onRequest = [...door.before(endpoint), ...[route.onRequest ?? []].flat()];
    route.handler = door.handler(endpoint, served);
  });
  return {
    assertComplete() {
      const missing = Object.keys(ENDPOINTS).filter((name) => !bound.has(name as EndpointName));
      if (missing.length > 0) throw new Error(`Nothing serves these endpoints of the contract: ${missing.join(', ')}`);
    },
  };
}
