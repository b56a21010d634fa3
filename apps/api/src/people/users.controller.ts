import { seesAddresses } from '@labelyard/domain';
import { Controller } from '@nestjs/common';
import type { Auth } from '../auth/auth-context.js';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';
import { People } from './people.js';

@Controller()
export class UsersController {
  constructor(private readonly people: People) {}

  @Endpoint('users.search')
  async search({ query }: InputOf<'users.search'>, { user }: Auth): Promise<AnswerOf<'users.search'>> {
    const viewer = { user_id: user.id, sees_addresses: seesAddresses(user) };
    return { items: await this.people.search(viewer, query.q, query.limit), next_cursor: null };
  }
}
