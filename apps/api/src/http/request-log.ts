import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';

/** An id from outside is kept when it is one: it ends up in logs and answers. */
const SANE_ID = /^[\w.:/+=-]{8,128}$/;

/** The caller's or the platform's request id, or a new one. */
export function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'] ?? request.headers['x-railway-request-id'];
  return typeof given === 'string' && SANE_ID.test(given) ? given : randomUUID();
}

/**
 * One line per request. The query is left out: it can hold a signature; and so are tokens in paths. Health checks come every few
 * seconds and are worth
 * a line only when they fail.
 */
export function logRequests(instance: FastifyInstance, log: Logger): void {
  instance.addHook('onResponse', (request, reply, done) => {
    const { statusCode: status } = reply;
    const quiet = request.endpoint?.spec.tag === 'health' && status < 400;
    if (log.isLevelEnabled(quiet ? 'debug' : 'info'))
      log[quiet ? 'debug' : 'info'](
        {
          request_id: request.id,
          method: request.method,
          path: loggedPath(request),
          route: request.endpoint?.name,
          status,
          ms: Math.round(reply.elapsedTime * 10) / 10,
          user_id: request.auth?.user.id,
          project_id: request.project?.project_id,
          ip: request.ip,
        },
        'request',
      );
    done();
  });
}

function loggedPath({ endpoint, url }: FastifyRequest): string | undefined {
  const { spec } = endpoint ?? {};
  return spec?.params?.shape.token ? spec.path : url.split('?', 1)[0];
}
