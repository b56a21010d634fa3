import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { DomainError } from '@labelyard/domain';
import type { LabelerDb } from '@labelyard/db';
import type { Storage } from '@labelyard/storage';
import {
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { Logger } from 'pino';
import { ENV, InjectLabelerDb, InjectLog, InjectStorage, LABELER_DB, LOG, STORAGE } from '../connections.js';
import type { Env } from '../env.js';
import { ProjectEvents } from '../events/project-events.js';
import { JobRegistry } from '../jobs/job-registry.js';
import { logLine } from '../jobs/queue-log.js';
import { enqueue } from '../jobs/task.js';
import { DirectUpload } from './direct-upload.js';
import { ImageIntake } from './image-intake.js';
import { ImageList } from './image-list.js';
import { ImageReader } from './image-reader.js';
import { THUMBNAILS } from './image-tasks.js';
import { ImagesController } from './images.controller.js';
import { PictureKeeper } from './picture-keeper.js';
import { SettleImageJob } from './settle-image-job.js';
import { ThumbnailJob } from './thumbnail-job.js';
import { makeUploadFolder, UPLOAD_FOLDER } from './upload-folder.js';
import { WeightedSlots } from '../concurrency/weighted-slots.js';

@Module({
  controllers: [ImagesController],
  providers: [
    { provide: UPLOAD_FOLDER, useFactory: () => makeUploadFolder() },
    {
      provide: ImageReader,
      inject: [ENV, STORAGE, UPLOAD_FOLDER],
      useFactory: ({ limits }: Env, { datasets }: Storage, folder: string) =>
        new ImageReader({
          datasets,
          folder,
          max_bytes: limits.max_upload_bytes,
          max_pixels: limits.max_image_pixels,
          slots: new WeightedSlots(Math.max(2, Math.min(4, availableParallelism()))),
        }),
    },
    {
      provide: PictureKeeper,
      inject: [LABELER_DB, STORAGE, LOG],
      useFactory: (db: LabelerDb, { datasets }: Storage, log: Logger) => new PictureKeeper(db, datasets, logLine(log)),
    },
    {
      provide: ImageIntake,
      inject: [LABELER_DB, STORAGE, PictureKeeper, ProjectEvents, LOG],
      useFactory: (db: LabelerDb, { datasets }: Storage, keeper: PictureKeeper, events: ProjectEvents, log: Logger) =>
        new ImageIntake(db, datasets, keeper, events, logLine(log)),
    },
    {
      provide: ImageList,
      inject: [LABELER_DB, STORAGE],
      useFactory: (db: LabelerDb, { datasets }: Storage) => new ImageList(db, datasets),
    },
    {
      provide: DirectUpload,
      inject: [ENV, STORAGE, ImageIntake, ImageReader],
      useFactory: ({ limits }: Env, { datasets }: Storage, intake: ImageIntake, reader: ImageReader) =>
        new DirectUpload(datasets, intake, reader, limits.max_upload_bytes),
    },
  ],
  exports: [ImageIntake, ImageList, ImageReader, PictureKeeper, UPLOAD_FOLDER],
})
export class ImagesModule implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    @InjectStorage() private readonly storage: Storage,
    @InjectLog() private readonly log: Logger,
    @Inject(JobRegistry) private readonly jobs: JobRegistry,
    @Inject(ProjectEvents) private readonly events: ProjectEvents,
    @Inject(ImageReader) private readonly reader: ImageReader,
    @Inject(UPLOAD_FOLDER) private readonly folder: string,
  ) {}

  onModuleInit(): void {
    const log = logLine(this.log);
    this.jobs.add(new ThumbnailJob(this.db, this.storage.datasets, this.reader, this.events, log));
    this.jobs.add(new SettleImageJob(this.db, this.reader, log));
    // A thumbnail that could be neither stored nor enqueued is found by this.
    this.jobs.schedule({ task: THUMBNAILS, cron: '*/15 * * * *' });
  }

  /** What an interrupted upload left without a thumbnail. In a database that stands still it is left to the schedule. */
  async onApplicationBootstrap(): Promise<void> {
    try {
      await enqueue(this.db.sql, THUMBNAILS, {});
    } catch (error) {
      if (!(error instanceof DomainError && error.code === 'maintenance')) throw error;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
