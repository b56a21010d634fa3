import type { LabelerDb, PersonWithOrganization } from '@labelyard/db';
import { Controller, Inject } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuditTrail } from '../audit/audit-trail.js';
import { InjectEnv, InjectLabelerDb } from '../connections.js';
import type { Env } from '../env.js';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';
import { JsonText } from '../http/json-text.js';
import { forgetFailedLogins } from '../http/rate-limits.js';
import type { Auth } from './auth-context.js';
import { AuthService } from './auth.service.js';
import { sessionsOf } from './authenticator.js';
import { EndedSessions } from './ended-sessions.js';
import { toMe } from './me-answer.js';
import { dropSessionCookie, setSessionCookie } from './session-cookie.js';

@Controller()
export class AuthController {
  /** Every page of every tab asks who its person is; they are remembered for a while, and so is what they are told. */
  private readonly answers = new WeakMap<PersonWithOrganization, JsonText>();

  constructor(
    private readonly service: AuthService,
    @InjectEnv() private readonly env: Env,
    @InjectLabelerDb() private readonly db: LabelerDb,
    private readonly trail: AuditTrail,
    @Inject(EndedSessions) private readonly sessions: EndedSessions,
  ) {}

  @Endpoint('auth.login')
  async login(
    { body }: InputOf<'auth.login'>,
    _auth: null,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<AnswerOf<'auth.login'>> {
    const { token, expires_in, user } = await this.service.login(body.email, body.password);
    if (this.env.rate_limits.enabled) await forgetFailedLogins(this.db, request);
    await this.trail.record(user.id, {
      project_id: null,
      actor_id: user.id,
      action: 'auth.login',
      details: { ip: request.ip },
      request_id: request.id,
    });
    setSessionCookie(request, reply, this.env.runtime.strict, token, expires_in);
    return { access_token: token, token_type: 'bearer', expires_in, user };
  }

  @Endpoint('auth.logout')
  async logout(
    _input: InputOf<'auth.logout'>,
    _auth: null,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    dropSessionCookie(request, reply, this.env.runtime.strict);
    for (const token of sessionsOf(request)) await this.sessions.end(token);
  }

  @Endpoint('auth.me')
  me(_input: InputOf<'auth.me'>, { user }: Auth): AnswerOf<'auth.me'> {
    let answer = this.answers.get(user);
    if (!answer) {
      answer = new JsonText(JSON.stringify(toMe(user, this.env.user_db_admin !== null)));
      this.answers.set(user, answer);
    }
    return answer;
  }
}
