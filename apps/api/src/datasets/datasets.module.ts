import { Module } from '@nestjs/common';
import { PeopleModule } from '../people/people.module.js';
import { DatasetsController } from './datasets.controller.js';
import { DatasetsService } from './datasets.service.js';
import { PurgeDatasetJob } from './purge-dataset-job.js';

@Module({
  imports: [PeopleModule],
  controllers: [DatasetsController],
  providers: [DatasetsService, PurgeDatasetJob],
})
export class DatasetsModule {}
