import type { LabelerDb } from '@labelyard/db';
import type { Storage } from '@labelyard/storage';
import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { InjectEnv, InjectLabelerDb, InjectLog, InjectStorage, LABELER_DB, STORAGE } from '../connections.js';
import type { Env } from '../env.js';
import { Events } from '../events/events.js';
import { ProjectEvents } from '../events/project-events.js';
import { JobRegistry } from '../jobs/job-registry.js';
import { logLine } from '../jobs/queue-log.js';
import { CLEAN_EXPORTS, CleanExportsJob } from './clean-exports-job.js';
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
    @InjectEnv() private readonly env: Env,
    @InjectLabelerDb() private readonly db: LabelerDb,
    @InjectStorage() private readonly storage: Storage,
    @InjectLog() private readonly log: Logger,
    @Inject(Events) private readonly events: Events,
    @Inject(ProjectEvents) private readonly projectEvents: ProjectEvents,
    @Inject(JobRegistry) private readonly jobs: JobRegistry,
  ) {}

  onModuleInit(): void {
    const { db, events, projectEvents } = this;
    const { annotations, datasets } = this.storage;
    this.jobs.add(
      new ExportJob({
        ...{ db, storage: annotations, pictures: datasets, events, projectEvents, log: logLine(this.log) },
        retention_days: this.env.exports.retention_days,
        open: (filter) => db.openExport(filter),
      }),
    );
    this.jobs.add(new CleanExportsJob(db, annotations, projectEvents));
    this.jobs.schedule({ task: CLEAN_EXPORTS, cron: '*/10 * * * *' });
  }
}
