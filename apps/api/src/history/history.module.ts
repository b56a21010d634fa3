import type { LabelerDb } from '@labelyard/db';
import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { InjectLabelerDb, LABELER_DB } from '../connections.js';
import { ProjectEvents } from '../events/project-events.js';
import { JobRegistry } from '../jobs/job-registry.js';
import { PeopleModule } from '../people/people.module.js';
import { HistoryController } from './history.controller.js';
import { RestoreJob } from './restore-job.js';
import { RestoresService } from './restores.service.js';
import { TimeTravelController } from './time-travel.controller.js';

@Module({
  imports: [PeopleModule],
  controllers: [HistoryController, TimeTravelController],
  exports: [RestoresService],
  providers: [
    {
      provide: RestoresService,
      inject: [LABELER_DB, ProjectEvents],
      useFactory: (db: LabelerDb, events: ProjectEvents) => new RestoresService(db, events),
    },
  ],
})
export class HistoryModule implements OnModuleInit {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    @Inject(ProjectEvents) private readonly events: ProjectEvents,
    @Inject(JobRegistry) private readonly jobs: JobRegistry,
  ) {}

  onModuleInit(): void {
    this.jobs.add(new RestoreJob(this.db, this.events));
  }
}
