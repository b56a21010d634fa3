import { Controller } from '@nestjs/common';
import type { ProjectAuth } from '../auth/auth-context.js';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';
import { MembersService } from './members.service.js';

@Controller()
export class MembersController {
  constructor(private readonly members: MembersService) {}

  @Endpoint('members.list')
  list({ query }: InputOf<'members.list'>, auth: ProjectAuth): Promise<AnswerOf<'members.list'>> {
    return this.members.list(auth, query);
  }

  @Endpoint('members.search')
  search({ query }: InputOf<'members.search'>, auth: ProjectAuth): Promise<AnswerOf<'members.search'>> {
    return this.members.search(auth, query);
  }

  @Endpoint('members.add')
  add({ body }: InputOf<'members.add'>, auth: ProjectAuth): Promise<AnswerOf<'members.add'>> {
    return this.members.add(auth, body.user_id, body.role);
  }

  @Endpoint('members.update')
  update({ params, body }: InputOf<'members.update'>, auth: ProjectAuth): Promise<AnswerOf<'members.update'>> {
    return this.members.changeRole(auth, params.user_id, body.role);
  }

  @Endpoint('members.remove')
  remove({ params }: InputOf<'members.remove'>, auth: ProjectAuth): Promise<void> {
    return this.members.remove(auth, params.user_id);
  }

  @Endpoint('members.transfer')
  transfer({ body }: InputOf<'members.transfer'>, auth: ProjectAuth): Promise<AnswerOf<'members.transfer'>> {
    return this.members.transfer(auth, body.user_id);
  }
}
