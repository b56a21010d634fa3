import { randomInt, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ENDPOINTS, type EndpointSpec } from '@labelyard/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { plainLines } from './log.js';

/** An id from outside is kept when it is one: it ends up in logs and answers. */
const SANE_ID = /^[\w.:/+=-]{8,128}$/;

/**
 * New ids have the form of a UUID: the beginning is this process's own, the end counts its requests from somewhere. They need to be
 * different and in order, not secret, and a random one for each costs as much as finding the route.
 */
const PROCESS = randomUUID().slice(0, -12);
let counted = randomInt(2 ** 40);

/** The caller's or the platform's request id, or a new one. */
export function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'] ?? request.headers['x-railway-request-id'];
  if (typeof given === 'string' && SANE_ID.test(given)) return given;
  counted += 1;
  return PROCESS + counted.toString(16).padStart(12, '0');
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
