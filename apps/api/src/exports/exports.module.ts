import type { LabelerDb } from '@labelyard/db';
import type { Storage } from '@labelyard/storage';
import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { InjectLabelerDb, InjectLog, InjectStorage, LABELER_DB, STORAGE } from '../connections.js';
import { Events } from '../events/events.js';
import { ProjectEvents } from '../events/project-events.js';
import { JobRegistry } from '../jobs/job-registry.js';
import { logLine } from '../jobs/queue-log.js';
import { ExportJob } from './export-job.js';
import { ExportService } from './export-service.js';
import { ExportsController } from './exports.controller.js';

@Module({
  controllers: [ExportsController],
  providers: [
    {
      provide: ExportService,
      inject: [LABELER_DB, STORAGE, Events, ProjectEvents],
      useFactory: (db: LabelerDb, { annotations }: Storage, events: Events, projectEvents: ProjectEvents) =>
        new ExportService(db, annotations, events, projectEvents),
    },
  ],
})
export class ExportsModule implements OnModuleInit {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    @InjectStorage() private readonly storage: Storage,
    @InjectLog() private readonly log: Logger,
    @Inject(Events) private readonly events: Events,
    @Inject(ProjectEvents) private readonly projectEvents: ProjectEvents,
    @Inject(JobRegistry) private readonly jobs: JobRegistry,
  ) {}

  onModuleInit(): void {
    this.jobs.add(new ExportJob(this.db, this.storage.annotations, this.events, this.projectEvents, logLine(this.log)));
  }
}
