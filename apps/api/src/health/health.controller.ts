import { Controller } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InjectEnv } from '../connections.js';
import type { Env } from '../env.js';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';
import { VERSION } from '../version.js';
import { ReadinessProbe } from './readiness.js';

@Controller()
export class HealthController {
  constructor(
    @InjectEnv() private readonly env: Env,
    private readonly probe: ReadinessProbe,
  ) {}

  @Endpoint('health.live')
  live(): AnswerOf<'health.live'> {
    return { status: 'ok', version: VERSION, environment: this.env.runtime.environment };
  }

  @Endpoint('health.ready')
  async ready(
    _input: InputOf<'health.ready'>,
    _auth: null,
    _request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<AnswerOf<'health.ready'>> {
    const readiness = await this.probe.read();
    void reply.status(readiness.status === 'ok' ? 200 : 503).header('cache-control', 'no-store');
    return readiness;
  }
}
