import type { LabelerDb } from '@labelyard/db';
import type { Storage } from '@labelyard/storage';
import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { InjectEnv, InjectLabelerDb, InjectLog, InjectStorage, LABELER_DB } from '../connections.js';
import type { Env } from '../env.js';
import { ProjectEvents } from '../events/project-events.js';
import { ImageReader } from '../images/image-reader.js';
import { PictureKeeper } from '../images/picture-keeper.js';
import { ImagesModule } from '../images/images.module.js';
import { UPLOAD_FOLDER } from '../images/upload-folder.js';
import { JobRegistry } from '../jobs/job-registry.js';
import { logLine } from '../jobs/queue-log.js';
import { ImportJob } from './import-job.js';
import { ImportService } from './import-service.js';
import { APPLY_IMPORT, CHECK_IMPORT } from './import-tasks.js';
import { ImportsController } from './imports.controller.js';
import { UndoJob } from './undo-job.js';

@Module({
  imports: [ImagesModule],
  controllers: [ImportsController],
  providers: [
    {
      provide: ImportService,
      inject: [LABELER_DB, ProjectEvents],
      useFactory: (db: LabelerDb, events: ProjectEvents) => new ImportService(db, events),
    },
  ],
})
export class ImportsModule implements OnModuleInit {
  constructor(
    @InjectEnv() private readonly env: Env,
    @InjectLabelerDb() private readonly db: LabelerDb,
    @InjectStorage() private readonly storage: Storage,
    @InjectLog() private readonly log: Logger,
    @Inject(ProjectEvents) private readonly events: ProjectEvents,
    @Inject(ImageReader) private readonly reader: ImageReader,
    @Inject(PictureKeeper) private readonly keeper: PictureKeeper,
    @Inject(UPLOAD_FOLDER) private readonly folder: string,
    @Inject(JobRegistry) private readonly jobs: JobRegistry,
  ) {}

  onModuleInit(): void {
    const { max_import_bytes, max_upload_bytes } = this.env.limits;
    const options = { db: this.db, storage: this.storage, events: this.events, reader: this.reader, keeper: this.keeper, log: logLine(this.log), folder: this.folder, max_import_bytes, max_upload_bytes }; // prettier-ignore
    this.jobs.add(new ImportJob(CHECK_IMPORT, 'checking', options));
    this.jobs.add(new ImportJob(APPLY_IMPORT, 'applying', options));
    this.jobs.add(new UndoJob(options));
  }
}
