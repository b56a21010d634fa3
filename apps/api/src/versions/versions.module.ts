import type { LabelerDb } from '@labelyard/db';
import type { Storage } from '@labelyard/storage';
import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { InjectLabelerDb, InjectLog, InjectStorage, LABELER_DB, STORAGE } from '../connections.js';
import { ProjectEvents } from '../events/project-events.js';
import { HistoryModule } from '../history/history.module.js';
import { JobRegistry } from '../jobs/job-registry.js';
import { logLine } from '../jobs/queue-log.js';
import { People } from '../people/people.js';
import { PeopleModule } from '../people/people.module.js';
import { VersionJob } from './version-job.js';
import { VersionsController } from './versions.controller.js';
import { VersionsService } from './versions.service.js';

@Module({
  imports: [PeopleModule, HistoryModule],
  controllers: [VersionsController],
  providers: [
    {
      provide: VersionsService,
      inject: [LABELER_DB, STORAGE, ProjectEvents, People],
      useFactory: (db: LabelerDb, { annotations }: Storage, events: ProjectEvents, people: People) =>
        new VersionsService(db, annotations, events, people),
    },
  ],
})
export class VersionsModule implements OnModuleInit {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    @InjectStorage() private readonly storage: Storage,
    @InjectLog() private readonly log: Logger,
    @Inject(ProjectEvents) private readonly events: ProjectEvents,
    @Inject(JobRegistry) private readonly jobs: JobRegistry,
  ) {}

  onModuleInit(): void {
    this.jobs.add(new VersionJob(this.db, this.storage.annotations, this.events, logLine(this.log)));
  }
}
