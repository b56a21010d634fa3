import { Global, Module } from '@nestjs/common';
import { PeopleModule } from '../people/people.module.js';
import { AuditController } from './audit.controller.js';
import { AuditTrail } from './audit-trail.js';
import { PruneAuditJob } from './prune-audit-job.js';

@Global()
@Module({
  imports: [PeopleModule],
  controllers: [AuditController],
  providers: [AuditTrail, PruneAuditJob],
  exports: [AuditTrail],
})
export class AuditModule {}
