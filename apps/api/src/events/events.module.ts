import { createClient } from '@labelyard/db';
import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { ENV, LOG } from '../connections.js';
import type { Env } from '../env.js';
import { Events } from './events.js';
import { PersonEvents } from './person-events.js';
import { ProjectEvents } from './project-events.js';
import { SteadyConnection } from './steady-connection.js';

/** The session for LISTEN must notice a silent network within seconds. */
const QUERY_TIMEOUT_MS = 5_000;

@Global()
@Module({
  providers: [
    {
      provide: SteadyConnection,
      inject: [ENV, LOG],
      useFactory: async (env: Env, log: Logger) => {
        const connection = new SteadyConnection({
          client: () =>
            createClient(
              { ...env.labeler_db, applicationName: 'labelyard events' },
              { query_timeout: QUERY_TIMEOUT_MS, statement_timeout: QUERY_TIMEOUT_MS },
            ),
          log: (level, message, err) => log[level]({ err }, message),
        });
        await connection.start();
        return connection;
      },
    },
    {
      provide: Events,
      inject: [SteadyConnection],
      useFactory: async (connection: SteadyConnection) => {
        const events = new Events(connection);
        await events.start();
        return events;
      },
    },
    {
      provide: ProjectEvents,
      inject: [SteadyConnection],
      useFactory: async (connection: SteadyConnection) => {
        const events = new ProjectEvents(connection);
        await events.start();
        return events;
      },
    },
    {
      provide: PersonEvents,
      inject: [SteadyConnection],
      useFactory: async (connection: SteadyConnection) => {
        const events = new PersonEvents(connection);
        await events.start();
        return events;
      },
    },
  ],
  exports: [SteadyConnection, Events, ProjectEvents, PersonEvents],
})
export class EventsModule implements OnApplicationShutdown {
  constructor(@Inject(SteadyConnection) private readonly connection: SteadyConnection) {}

  async onApplicationShutdown(): Promise<void> {
    await this.connection.stop();
  }
}
