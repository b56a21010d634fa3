import type { LabelerDb } from '@labelyard/db';
import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { InjectLabelerDb } from '../connections.js';
import { ProjectEvents } from '../events/project-events.js';
import { JobRegistry } from '../jobs/job-registry.js';
import { People } from '../people/people.js';
import { PeopleModule } from '../people/people.module.js';
import { DueTasksJob } from './due-tasks-job.js';
import { FreeImagesJob } from './free-images-job.js';
import { SplitJob } from './split-job.js';
import { SplitsService } from './splits.service.js';
import { TaskMaker } from './task-maker.js';
import { TasksController } from './tasks.controller.js';
import { TasksService } from './tasks.service.js';

@Module({
  imports: [PeopleModule],
  controllers: [TasksController],
  providers: [
    TasksService,
    SplitsService,
    DueTasksJob,
    FreeImagesJob,
    {
      provide: TaskMaker,
      inject: [People, ProjectEvents],
      useFactory: (people: People, events: ProjectEvents) => new TaskMaker(people, events),
    },
  ],
})
export class TasksModule implements OnModuleInit {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    @Inject(TaskMaker) private readonly maker: TaskMaker,
    @Inject(ProjectEvents) private readonly events: ProjectEvents,
    @Inject(JobRegistry) private readonly jobs: JobRegistry,
  ) {}

  onModuleInit(): void {
    this.jobs.add(new SplitJob(this.db, this.maker, this.events));
  }
}
