import type { UserDb } from '@labelyard/db';
import { Controller } from '@nestjs/common';
import { InjectUserDb } from '../connections.js';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';
import { toSummary } from './people.js';

@Controller()
export class UsersController {
  constructor(@InjectUserDb() private readonly db: UserDb) {}

  @Endpoint('users.search')
  async search({ query }: InputOf<'users.search'>): Promise<AnswerOf<'users.search'>> {
    const people = await this.db.users.search(query.q, query.limit);
    return { items: people.map(toSummary), next_cursor: null };
  }
}
