import { Module } from '@nestjs/common';
import { PeopleModule } from '../people/people.module.js';
import { MembersController } from './members.controller.js';
import { MembersService } from './members.service.js';

@Module({ imports: [PeopleModule], controllers: [MembersController], providers: [MembersService] })
export class MembersModule {}
