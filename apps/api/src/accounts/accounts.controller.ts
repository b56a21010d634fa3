import type { LabelerDb } from '@labelyard/db';
import { Controller } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Auth } from '../auth/auth-context.js';
import { setSessionCookie } from '../auth/session-cookie.js';
import { Tokens } from '../auth/tokens.js';
import { InjectEnv, InjectLabelerDb } from '../connections.js';
import type { Env } from '../env.js';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';
import { forgetFailedLogins } from '../http/rate-limits.js';
import { AccountsService } from './accounts.service.js';

@Controller()
export class AccountsController {
  constructor(
    private readonly accounts: AccountsService,
    @InjectEnv() private readonly env: Env,
    @InjectLabelerDb() private readonly db: LabelerDb,
    private readonly tokens: Tokens,
  ) {}

  @Endpoint('auth.update_me')
  updateMe({ body }: InputOf<'auth.update_me'>, auth: Auth): Promise<AnswerOf<'auth.update_me'>> {
    return this.accounts.updateMe(auth, body);
  }

  @Endpoint('auth.change_password')
  async changePassword(
    { body }: InputOf<'auth.change_password'>,
    auth: Auth,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const epoch = await this.accounts.changePassword(auth, body.old_password, body.new_password);
    this.goOn(auth, epoch, request, reply);
    // Not before the new cookie is on its way: the person's own tabs would be sent away with the others.
    reply.raw.once('close', () => void this.accounts.endSessions(auth.user.id));
    if (this.env.rate_limits.enabled) await forgetFailedLogins(this.db, request);
  }

  @Endpoint('accounts.list')
  list({ query }: InputOf<'accounts.list'>, _auth: Auth): Promise<AnswerOf<'accounts.list'>> {
    return this.accounts.list(query, query);
  }

  @Endpoint('accounts.create')
  create({ body }: InputOf<'accounts.create'>, auth: Auth): Promise<AnswerOf<'accounts.create'>> {
    return this.accounts.create(auth, body);
  }

  @Endpoint('accounts.update')
  update({ params, body }: InputOf<'accounts.update'>, auth: Auth): Promise<AnswerOf<'accounts.update'>> {
    return this.accounts.update(auth, params.user_id, body);
  }

  @Endpoint('accounts.reset_password')
  resetPassword(
    { params }: InputOf<'accounts.reset_password'>,
    auth: Auth,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<AnswerOf<'accounts.reset_password'>> {
    return this.accounts.resetPassword(auth, params.user_id, (epoch) => this.goOn(auth, epoch, request, reply));
  }

  @Endpoint('accounts.organizations')
  organizations(
    { query }: InputOf<'accounts.organizations'>,
    _auth: Auth,
  ): Promise<AnswerOf<'accounts.organizations'>> {
    return this.accounts.organizations(query);
  }

  /** The browser that changed its own password stays signed in. A program signs in again. */
  private goOn({ user, credential }: Auth, epoch: number, request: FastifyRequest, reply: FastifyReply): void {
    if (credential !== 'cookie') return;
    const { token, expires_in } = this.tokens.sign(user.id, epoch);
    setSessionCookie(request, reply, this.env.runtime.strict, token, expires_in);
  }
}
