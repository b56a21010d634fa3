import { Controller } from '@nestjs/common';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';
import { People } from './people.js';

@Controller()
export class UsersController {
  constructor(private readonly people: People) {}

  @Endpoint('users.search')
  async search({ query }: InputOf<'users.search'>): Promise<AnswerOf<'users.search'>> {
    return { items: await this.people.search(query.q, query.limit), next_cursor: null };
  }
}
