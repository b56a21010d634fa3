import type { LabelerDb, UserDb } from '@labelyard/db';
import type { Storage } from '@labelyard/storage';
import { Module } from '@nestjs/common';
import { LABELER_DB, STORAGE, USER_DB } from '../connections.js';
import { MaintenanceMode } from '../maintenance/maintenance-mode.js';
import { VERSION } from '../version.js';
import { HealthController } from './health.controller.js';
import { ReadinessProbe } from './readiness.js';

@Module({
  controllers: [HealthController],
  providers: [
    {
      provide: ReadinessProbe,
      inject: [LABELER_DB, USER_DB, STORAGE, MaintenanceMode],
      useFactory: (labelerDb: LabelerDb, userDb: UserDb, storage: Storage, maintenance: MaintenanceMode) =>
        new ReadinessProbe({ labelerDb, userDb, storage, maintenance }, VERSION),
    },
  ],
})
export class HealthModule {}
