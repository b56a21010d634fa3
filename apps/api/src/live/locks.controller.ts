import type { ImageLock } from '@labelyard/contract';
import type { LabelerDb } from '@labelyard/db';
import { Controller, Inject } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ProjectAuth } from '../auth/auth-context.js';
import { InjectLabelerDb } from '../connections.js';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';
import { ImageLocks } from './image-locks.js';

@Controller()
export class LocksController {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    @Inject(ImageLocks) private readonly locks: ImageLocks,
  ) {}

  @Endpoint('locks.list')
  list({ params, query }: InputOf<'locks.list'>): Promise<AnswerOf<'locks.list'>> {
    return this.db.locks.list(params.project_id, query);
  }

  @Endpoint('locks.acquire')
  acquire({ body }: InputOf<'locks.acquire'>, auth: ProjectAuth): Promise<ImageLock> {
    return this.locks.acquire(auth, body);
  }

  @Endpoint('locks.heartbeat')
  heartbeat({ body }: InputOf<'locks.heartbeat'>, auth: ProjectAuth): Promise<ImageLock> {
    return this.locks.heartbeat(auth, body);
  }

  @Endpoint('locks.release')
  release({ body }: InputOf<'locks.release'>, auth: ProjectAuth): Promise<void> {
    return this.locks.release(auth, body);
  }

  @Endpoint('locks.force_release')
  forceRelease({ body }: InputOf<'locks.force_release'>, auth: ProjectAuth, request: FastifyRequest): Promise<void> {
    return this.locks.forceRelease(auth, body, request.id);
  }
}
