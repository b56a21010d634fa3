import { Module } from '@nestjs/common';
import { ENV } from '../connections.js';
import type { Env } from '../env.js';
import { RequestBudget } from '../http/request-budget.js';
import { People } from '../people/people.js';
import { PeopleModule } from '../people/people.module.js';
import { ServiceTokenCheck } from '../service-tokens/service-token-check.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { authenticator } from './authenticator.js';
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
