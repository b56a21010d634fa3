import type { Me } from '@labelyard/contract';
import type { UserDb } from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import { Injectable } from '@nestjs/common';
import { InjectEnv, InjectUserDb } from '../connections.js';
import type { Env } from '../env.js';
import { toMe } from './me-answer.js';
import { PasswordCheck } from './password-check.js';
import { Tokens } from './tokens.js';

export interface Session {
  readonly token: string;
  readonly expires_in: number;
  readonly user: Me;
}

@Injectable()
export class AuthService {
  constructor(
    @InjectEnv() private readonly env: Env,
    @InjectUserDb() private readonly userDb: UserDb,
    private readonly tokens: Tokens,
    private readonly passwords: PasswordCheck,
  ) {}

  /** @throws invalid_credentials: the same answer, in the same time, for an unknown e-mail, a wrong password and an account that is switched off */
  async login(email: string, password: string): Promise<Session> {
    const person = await this.userDb.users.findByEmail(email);
    const fits = await this.passwords.verify(person?.hashed_password ?? null, password);
    if (!person?.is_active || !fits)
      throw new DomainError('invalid_credentials', 'The e-mail address or the password is wrong');
    return {
      ...this.tokens.sign(person.id, person.session_epoch),
      user: toMe(person, this.env.user_db_admin !== null),
    };
  }
}
