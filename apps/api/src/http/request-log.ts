import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ENDPOINTS, type EndpointSpec } from '@labelyard/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { plainLines } from './log.js';

/** An id from outside is kept when it is one: it ends up in logs and answers. */
const SANE_ID = /^[\w.:/+=-]{8,128}$/;

/** The caller's or the platform's request id, or a new one. */
export function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'] ?? request.headers['x-railway-request-id'];
  return typeof given === 'string' && SANE_ID.test(given) ? given : randomUUID();
}

/** Their paths hold a secret. */
const UNTOLD_PATHS: ReadonlySet<string> = new Set(
  Object.entries<EndpointSpec>(ENDPOINTS).flatMap(([name, { params }]) => (params?.shape.token ? [name] : [])),
);

/**
 * One line per request. The query is left out: it can hold a signature; and so are tokens in paths. Health checks come every few
 * seconds and are worth a line only when they fail.
 */
export function logRequests(instance: FastifyInstance, log: Logger): void {
  const write = plainLines(log, 'request');
  instance.addHook('onResponse', (request, reply, done) => {
    const { statusCode: status } = reply;
    const quiet = request.endpoint?.spec.tag === 'health' && status < 400;
    const level = quiet ? 'debug' : 'info';
    if (log.isLevelEnabled(level))
      write(level, {
        request_id: request.id,
        method: request.method,
        path: loggedPath(request),
        route: request.endpoint?.name,
        status,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        user_id: request.auth?.user.id,
        project_id: request.project?.project_id,
        ip: request.ip,
      });
    done();
  });
}

function loggedPath({ endpoint, url }: FastifyRequest): string | undefined {
  return endpoint && UNTOLD_PATHS.has(endpoint.name) ? endpoint.spec.path : url.split('?', 1)[0];
}
