import { Module } from '@nestjs/common';
import { PeopleModule } from '../people/people.module.js';
import { DueTasksJob } from './due-tasks-job.js';
import { TasksController } from './tasks.controller.js';
import { TasksService } from './tasks.service.js';

@Module({ imports: [PeopleModule], controllers: [TasksController], providers: [TasksService, DueTasksJob] })
export class TasksModule {}
