import { Module } from '@nestjs/common';
import { PruneRequestsJob } from './prune-requests-job.js';

@Module({ providers: [PruneRequestsJob] })
export class IdempotencyModule {}
