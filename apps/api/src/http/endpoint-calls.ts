import { isPromise } from 'node:util/types';
import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import type { Logger } from 'pino';
import { AccessCheck } from '../auth/access-check.js';
import { InjectEnv, InjectLog } from '../connections.js';
import type { Env } from '../env.js';
import { isRepeatable, RepeatedRequests } from '../idempotency/repeated-requests.js';
import type { BoundEndpoint } from './bound-endpoints.js';
import { ANSWERED, type EndpointMethod } from './endpoint.js';
import { ErrorFilter } from './error-filter.js';
import { noRoute } from './framework-errors.js';
import { LIMITED, RateLimits } from './rate-limits.js';
import { checkAnswer } from './response-check.js';

type Work = (request: FastifyRequest, reply: FastifyReply) => unknown;

/**
 * How a request reaches the handler of its endpoint: access, limits, repeated request, handler, answer. All that Nest's guards, interceptors,
 * pipes and parameter decorators would do, in one place and without their cost (docs/adr/0019).
 */
@Injectable()
export class EndpointCalls {
  constructor(
    @InjectEnv() private readonly env: Env,
    private readonly modules: ModuleRef,
    private readonly access: AccessCheck,
    private readonly limits: RateLimits,
    private readonly repeated: RepeatedRequests,
    private readonly errors: ErrorFilter,
    @InjectLog() private readonly log: Logger,
  ) {}

  /** What the route of an endpoint calls. Where there is nothing to wait for, it answers within the call. */
  handlerOf({ name, spec }: BoundEndpoint, method: EndpointMethod): RouteHandlerMethod {
    const work = this.workOf(method);
    const limits = LIMITED[name];
    const repeatable = isRepeatable(spec);
    const { check_responses } = this.env.runtime;
    const serve = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      try {
        refuseEmptyParams(request);
        const admission = this.access.admit(request, spec);
        if (admission) await admission;
        if (limits) await this.limits.spend(limits, request);
        void reply.status(spec.status);
        let answer: unknown =
          repeatable && request.headers['idempotency-key'] !== undefined
            ? this.repeated.once(request, reply, () => work(request, reply))
            : work(request, reply);
        if (isPromise(answer)) answer = await answer;
        if (answer === ANSWERED) return;
        if (check_responses) checkAnswer(name, reply.statusCode, answer);
        void reply.send(answer);
      } catch (error) {
        this.refuse(error, request, reply);
      }
    };
    return (request, reply) => void serve(request, reply);
  }

  private workOf({ controller, key }: EndpointMethod): Work {
    const instance = this.modules.get<Record<typeof key, (...values: unknown[]) => unknown>>(controller, {
      strict: false,
    });
    return (request, reply) => {
      const { input, auth, project } = request;
      return instance[key]?.(input, auth && project ? { ...auth, project } : auth, request, reply);
    };
  }

  private refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    try {
      this.errors.answer(error, request, reply);
    } catch (err) {
      this.log.error({ err, request_id: request.id }, 'A request could not be answered');
      reply.raw.destroy();
    }
  }
}

/** Fastify's router lets `/projects//images` pass. */
function refuseEmptyParams(request: FastifyRequest): void {
  const params = request.params as Readonly<Record<string, string>>;
  for (const name in params) if (params[name] === '' && name !== '*') throw noRoute(request.raw);
}
