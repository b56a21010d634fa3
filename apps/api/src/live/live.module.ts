import type { LabelerDb } from '@labelyard/db';
import { Inject, Module, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { AuthModule } from '../auth/auth.module.js';
import { LABELER_DB, LOG } from '../connections.js';
import { Events } from '../events/events.js';
import { PersonEvents } from '../events/person-events.js';
import { ProjectEvents } from '../events/project-events.js';
import { logLine } from '../jobs/queue-log.js';
import { MaintenanceMode } from '../maintenance/maintenance-mode.js';
import { People } from '../people/people.js';
import { PeopleNews } from '../people/people-news.js';
import { PeopleModule } from '../people/people.module.js';
import { EventStreams } from './event-streams.js';
import { ImageLocks } from './image-locks.js';
import { LiveController } from './live.controller.js';
import { LiveUpkeep } from './live-upkeep.js';
import { LocksController } from './locks.controller.js';
import { Presence } from './presence.js';

/** What people see of each other while they work. */
@Module({
  imports: [AuthModule, PeopleModule],
  controllers: [LiveController, LocksController],
  providers: [
    {
      provide: ImageLocks,
      inject: [LABELER_DB, ProjectEvents],
      useFactory: (db: LabelerDb, events: ProjectEvents) => new ImageLocks(db, events),
    },
    {
      provide: Presence,
      inject: [LABELER_DB, Events, People],
      useFactory: (db: LabelerDb, events: Events, people: People) => new Presence(db, events, people),
    },
    {
      provide: EventStreams,
      inject: [LABELER_DB, ProjectEvents, PersonEvents, Presence, PeopleNews, MaintenanceMode, LOG],
      useFactory: (
        db: LabelerDb,
        events: ProjectEvents,
        news: PersonEvents,
        presence: Presence,
        accounts: PeopleNews,
        maintenance: MaintenanceMode,
        log: Logger,
      ) => {
        const streams = new EventStreams({
          events,
          news,
          presence,
          maintenance,
          admitted: (watchers) => db.watchers.admitted(watchers),
          log: logLine(log),
        });
        accounts.onChanged((user_id) => streams.recheck(user_id));
        return streams;
      },
    },
    {
      provide: LiveUpkeep,
      inject: [ImageLocks, Presence, EventStreams, LOG],
      useFactory: (locks: ImageLocks, presence: Presence, streams: EventStreams, log: Logger) =>
        new LiveUpkeep(locks, presence, streams, logLine(log)),
    },
  ],
})
export class LiveModule implements OnModuleDestroy {
  constructor(
    @Inject(EventStreams) private readonly streams: EventStreams,
    @Inject(LiveUpkeep) private readonly upkeep: LiveUpkeep,
  ) {}

  /** Before the server waits for its connections to end: these never would. */
  async onModuleDestroy(): Promise<void> {
    this.upkeep.stop();
    await this.streams.stop();
  }
}
