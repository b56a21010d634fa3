import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyInstance } from 'fastify';

/**
 * The id of the request that runs, for what is written deep inside on its behalf (the audit log): every layer would have to
 * hand it on otherwise, for that alone.
 */
const current = new AsyncLocalStorage<string>();

/** Null outside of requests, in jobs for instance. */
export function currentRequestId(): string | null {
  return current.getStore() ?? null;
}

/** Not earlier than here: reading the body continues in whatever the socket's events run in. */
export function followRequests(instance: FastifyInstance): void {
  instance.addHook('preValidation', (request, _reply, done) => current.run(request.id, done));
}
