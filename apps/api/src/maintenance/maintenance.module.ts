import type { LabelerDb } from '@labelyard/db';
import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { LABELER_DB, LOG } from '../connections.js';
import { Events } from '../events/events.js';
import { logLine } from '../jobs/queue-log.js';
import { MaintenanceController } from './maintenance.controller.js';
import { MaintenanceMode } from './maintenance-mode.js';

/** Read-only for a while: known here to everything that writes. */
@Global()
@Module({
  controllers: [MaintenanceController],
  providers: [
    {
      provide: MaintenanceMode,
      inject: [LABELER_DB, Events, LOG],
      useFactory: async (db: LabelerDb, events: Events, log: Logger) => {
        const mode = new MaintenanceMode(db, events, logLine(log));
        await mode.start();
        return mode;
      },
    },
  ],
  exports: [MaintenanceMode],
})
export class MaintenanceModule implements OnApplicationShutdown {
  constructor(@Inject(MaintenanceMode) private readonly mode: MaintenanceMode) {}

  onApplicationShutdown(): void {
    this.mode.stop();
  }
}
