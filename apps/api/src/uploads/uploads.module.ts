import type { LabelerDb } from '@labelyard/db';
import type { Storage } from '@labelyard/storage';
import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { ENV, InjectLabelerDb, InjectStorage, LABELER_DB, LOG, STORAGE } from '../connections.js';
import type { Env } from '../env.js';
import { ImageIntake } from '../images/image-intake.js';
import { ImageReader } from '../images/image-reader.js';
import { ImagesModule } from '../images/images.module.js';
import { JobRegistry } from '../jobs/job-registry.js';
import { logLine } from '../jobs/queue-log.js';
import { UploadCleanJob } from './upload-clean-job.js';
import { UploadCompletion } from './upload-completion.js';
import { UploadSessions } from './upload-sessions.js';
import { UploadsController } from './uploads.controller.js';

@Module({
  imports: [ImagesModule],
  controllers: [UploadsController],
  providers: [
    {
      provide: UploadSessions,
      inject: [ENV, LABELER_DB, STORAGE],
      useFactory: ({ limits }: Env, db: LabelerDb, { datasets }: Storage) =>
        new UploadSessions(db, datasets, {
          max_bytes: limits.max_upload_bytes,
          max_import_bytes: limits.max_import_bytes,
        }),
    },
    {
      provide: UploadCompletion,
      inject: [LABELER_DB, STORAGE, ImageIntake, ImageReader, LOG],
      useFactory: (db: LabelerDb, { datasets }: Storage, intake: ImageIntake, reader: ImageReader, log: Logger) =>
        new UploadCompletion(db, datasets, intake, reader, logLine(log)),
    },
  ],
})
export class UploadsModule implements OnModuleInit {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    @InjectStorage() private readonly storage: Storage,
    @Inject(JobRegistry) private readonly jobs: JobRegistry,
  ) {}

  onModuleInit(): void {
    this.jobs.add(new UploadCleanJob(this.db, this.storage.datasets));
  }
}
