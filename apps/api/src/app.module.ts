import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { Logger } from 'pino';
import { AuditModule } from './audit/audit.module.js';
import { AccessCheck } from './auth/access-check.js';
import { AuthModule } from './auth/auth.module.js';
import { AccountsModule } from './accounts/accounts.module.js';
import { AnnotationsModule } from './annotations/annotations.module.js';
import { ClassesModule } from './classes/classes.module.js';
import { CommentsModule } from './comments/comments.module.js';
import { ConnectionsModule } from './connections.module.js';
import { DeletedImagesModule } from './deleted-images/deleted-images.module.js';
import { DatasetsModule } from './datasets/datasets.module.js';
import type { Env } from './env.js';
import { EventsModule } from './events/events.module.js';
import { ExportsModule } from './exports/exports.module.js';
import { HealthModule } from './health/health.module.js';
import { HistoryModule } from './history/history.module.js';
import { EndpointCalls } from './http/endpoint-calls.js';
import { ErrorFilter } from './http/error-filter.js';
import { RateLimits } from './http/rate-limits.js';
import { IdempotencyModule } from './idempotency/idempotency.module.js';
import { RepeatedRequests } from './idempotency/repeated-requests.js';
import { ImagesModule } from './images/images.module.js';
import { ImportsModule } from './imports/imports.module.js';
import { InvitationsModule } from './invitations/invitations.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { LiveModule } from './live/live.module.js';
import { MaintenanceModule } from './maintenance/maintenance.module.js';
import { ReviewModule } from './review/review.module.js';
import { MembersModule } from './members/members.module.js';
import { ServiceTokensModule } from './service-tokens/service-tokens.module.js';
import { StorageModule } from './storage/storage.module.js';
import { TasksModule } from './tasks/tasks.module.js';
import { UploadsModule } from './uploads/uploads.module.js';
import { VersionsModule } from './versions/versions.module.js';
import { PeopleModule } from './people/people.module.js';
import { ProjectsModule } from './projects/projects.module.js';

/** Everything the API serves, one module per resource. */
const FEATURES: readonly Type[] = [
  HealthModule,
  AuthModule,
  PeopleModule,
  AccountsModule,
  MembersModule,
  InvitationsModule,
  DatasetsModule,
  ProjectsModule,
  ClassesModule,
  ImagesModule,
  DeletedImagesModule,
  UploadsModule,
  AnnotationsModule,
  TasksModule,
  ReviewModule,
  CommentsModule,
  ExportsModule,
  ImportsModule,
  LiveModule,
  StorageModule,
  IdempotencyModule,
  AuditModule,
  HistoryModule,
  VersionsModule,
  ServiceTokensModule,
];

@Module({})
export class AppModule {
  static with(env: Env, log: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [ConnectionsModule.with(env, log), EventsModule, MaintenanceModule, JobsModule, ...FEATURES],
      providers: [
        AccessCheck,
        RateLimits,
        RepeatedRequests,
        EndpointCalls,
        ErrorFilter,
        { provide: APP_FILTER, useExisting: ErrorFilter },
      ],
    };
  }
}
