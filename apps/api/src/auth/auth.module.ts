import type { LabelerDb } from '@labelyard/db';
import { Module } from '@nestjs/common';
import type { Logger } from 'pino';
import { ENV, LABELER_DB, LOG } from '../connections.js';
import type { Env } from '../env.js';
import { SteadyConnection } from '../events/steady-connection.js';
import { RequestBudget } from '../http/request-budget.js';
import { logLine } from '../jobs/queue-log.js';
import { MaintenanceMode } from '../maintenance/maintenance-mode.js';
import { PeopleNews } from '../people/people-news.js';
import { People } from '../people/people.js';
import { PeopleModule } from '../people/people.module.js';
import { ServiceTokenCheck } from '../service-tokens/service-token-check.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { authenticator } from './authenticator.js';
import { EndedSessions } from './ended-sessions.js';
import { PasswordCheck } from './password-check.js';
import { Tokens } from './tokens.js';

export const AUTHENTICATOR = Symbol('AUTHENTICATOR');
export type Authenticator = ReturnType<typeof authenticator>;

@Module({
  imports: [PeopleModule],
  controllers: [AuthController],
  providers: [
    AuthService,
    PasswordCheck,
    ServiceTokenCheck,
    {
      provide: Tokens,
      inject: [ENV],
      useFactory: ({ auth }: Env) =>
        new Tokens({
          secrets: { current: auth.jwt_secret, previous: auth.jwt_secret_previous },
          issuer: auth.jwt_issuer,
          audience: auth.jwt_audience,
          expires_in_seconds: auth.jwt_expires_seconds,
        }),
    },
    {
      provide: EndedSessions,
      inject: [LABELER_DB, SteadyConnection, Tokens, PeopleNews, MaintenanceMode, LOG],
      useFactory: async (
        db: LabelerDb,
        connection: SteadyConnection,
        tokens: Tokens,
        news: PeopleNews,
        maintenance: MaintenanceMode,
        log: Logger,
      ) => {
        const sessions = new EndedSessions(db, connection, tokens, news, maintenance, logLine(log));
        await sessions.start();
        return sessions;
      },
    },
    {
      provide: AUTHENTICATOR,
      inject: [ENV, Tokens, People, ServiceTokenCheck],
      useFactory: ({ http, rate_limits }: Env, tokens: Tokens, people: People, services: ServiceTokenCheck) =>
        authenticator({
          tokens,
          people,
          services,
          budget: new RequestBudget(rate_limits.enabled ? rate_limits.general : null),
          allowed_origins: new Set(http.cors_origins),
        }),
    },
  ],
  exports: [AUTHENTICATOR, Tokens],
})
export class AuthModule {}
