import type { LabelerDb } from '@labelyard/db';
import type { Storage } from '@labelyard/storage';
import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { InjectLabelerDb, InjectStorage } from '../connections.js';
import { ImagesModule } from '../images/images.module.js';
import { JobRegistry } from '../jobs/job-registry.js';
import { PeopleModule } from '../people/people.module.js';
import { DeletedImagesController } from './deleted-images.controller.js';
import { DeletedImagesService } from './deleted-images.service.js';
import { PURGE_IMAGES, PurgeImagesJob } from './purge-images-job.js';

@Module({
  imports: [ImagesModule, PeopleModule],
  controllers: [DeletedImagesController],
  providers: [DeletedImagesService],
})
export class DeletedImagesModule implements OnModuleInit {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    @InjectStorage() private readonly storage: Storage,
    @Inject(JobRegistry) private readonly jobs: JobRegistry,
  ) {}

  onModuleInit(): void {
    this.jobs.add(new PurgeImagesJob(this.db, this.storage.datasets));
    this.jobs.schedule({ task: PURGE_IMAGES, cron: '25 3 * * *' });
  }
}
