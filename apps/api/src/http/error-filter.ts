import { Catch, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { AuditTrail } from '../audit/audit-trail.js';
import { noteRefusal } from '../audit/refusals.js';
import { InjectLog } from '../connections.js';
import { answerTo } from './error-answer.js';
import { noRoute } from './framework-errors.js';

/** The one place errors become answers: handlers, hooks, body parsers and unknown routes all end here. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    @InjectLog() private readonly log: Logger,
    private readonly trail: AuditTrail,
  ) {}

  catch(caught: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(caught, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  answer(caught: unknown, request: FastifyRequest, reply: FastifyReply): void {
    // Our own code throws DomainErrors: Nest's comes from its "no such route".
    const thrown = caught instanceof NotFoundException ? noRoute(request.raw) : caught;
    noteRefusal(this.trail, request, thrown);
    const { status, headers, error, unexpected } = answerTo(thrown);
    const where = { request_id: request.id, method: request.method, route: request.endpoint?.name };
    if (unexpected) this.log.error({ err: thrown, ...where }, 'A request failed unexpectedly');
    // Maintenance is known to whoever reads the log; each refusal of it would drown the rest.
    else if (status >= 500 && error.code !== 'maintenance')
      this.log.warn({ err: thrown, ...where }, 'A request could not be served');
    // The bytes are on their way: all that is left is to end the connection, so that nobody takes half for the whole.
    if (reply.raw.headersSent) return void reply.raw.destroy();
    if (reply.sent) return;
    void reply
      .status(status)
      .headers(headers)
      .removeHeader('content-length')
      .removeHeader('content-encoding')
      .header('content-type', 'application/json; charset=utf-8')
      .header('cache-control', 'no-store')
      .send({ error: { ...error, request_id: request.id } });
  }
}
