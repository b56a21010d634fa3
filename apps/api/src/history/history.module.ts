import { Module } from '@nestjs/common';
import { PeopleModule } from '../people/people.module.js';
import { HistoryController } from './history.controller.js';

@Module({ imports: [PeopleModule], controllers: [HistoryController] })
export class HistoryModule {}
