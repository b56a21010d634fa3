import type { LabelerDb } from '@labelyard/db';
import { Inject, Module, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { AuthModule } from '../auth/auth.module.js';
import { LABELER_DB, LOG } from '../connections.js';
import { ProjectEvents } from '../events/project-events.js';
import { logLine } from '../jobs/queue-log.js';
import { EventStreams } from './event-streams.js';
import { LiveController } from './live.controller.js';

/** What people see of each other while they work. */
@Module({
  imports: [AuthModule],
  controllers: [LiveController],
  providers: [
    {
      provide: EventStreams,
      inject: [LABELER_DB, ProjectEvents, LOG],
      useFactory: (db: LabelerDb, events: ProjectEvents, log: Logger) =>
        new EventStreams({ events, admitted: (watchers) => db.watchers.admitted(watchers), log: logLine(log) }),
    },
  ],
})
export class LiveModule implements OnModuleDestroy {
  constructor(@Inject(EventStreams) private readonly streams: EventStreams) {}

  /** Before the server waits for its connections to end: these never would. */
  onModuleDestroy(): void {
    this.streams.stop();
  }
}
