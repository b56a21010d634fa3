import { Module } from '@nestjs/common';
import { PeopleModule } from '../people/people.module.js';
import { ProjectsController } from './projects.controller.js';

@Module({ imports: [PeopleModule], controllers: [ProjectsController] })
export class ProjectsModule {}
