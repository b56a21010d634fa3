import { Controller } from '@nestjs/common';
import type { Auth, ProjectAuth } from '../auth/auth-context.js';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';
import { InvitationsService } from './invitations.service.js';

@Controller()
export class InvitationsController {
  constructor(private readonly invitations: InvitationsService) {}

  @Endpoint('invitations.create')
  create({ body }: InputOf<'invitations.create'>, auth: ProjectAuth): Promise<AnswerOf<'invitations.create'>> {
    return this.invitations.create(auth, body);
  }

  @Endpoint('invitations.list')
  list({ query }: InputOf<'invitations.list'>, { user }: Auth): Promise<AnswerOf<'invitations.list'>> {
    const box = query.box === 'received' ? { invitee: user } : { inviter_id: user.id };
    return this.invitations.list(box, query.status, query);
  }

  @Endpoint('invitations.count')
  count(_input: InputOf<'invitations.count'>, auth: Auth): Promise<AnswerOf<'invitations.count'>> {
    return this.invitations.count(auth);
  }

  @Endpoint('invitations.for_project')
  forProject(
    { params, query }: InputOf<'invitations.for_project'>,
    _auth: ProjectAuth,
  ): Promise<AnswerOf<'invitations.for_project'>> {
    return this.invitations.list({ project_id: params.project_id }, 'pending', query);
  }

  @Endpoint('invitations.preview')
  preview({ params }: InputOf<'invitations.preview'>): Promise<AnswerOf<'invitations.preview'>> {
    return this.invitations.preview(params.token);
  }

  @Endpoint('invitations.accept')
  accept({ params, body }: InputOf<'invitations.accept'>, auth: Auth): Promise<AnswerOf<'invitations.accept'>> {
    return this.invitations.accept(auth, params.invitation_id, body.token);
  }

  @Endpoint('invitations.decline')
  decline({ params, body }: InputOf<'invitations.decline'>, auth: Auth): Promise<AnswerOf<'invitations.decline'>> {
    return this.invitations.decline(auth, params.invitation_id, body.token);
  }

  @Endpoint('invitations.cancel')
  cancel({ params }: InputOf<'invitations.cancel'>, auth: Auth): Promise<AnswerOf<'invitations.cancel'>> {
    return this.invitations.cancel(auth, params.invitation_id);
  }

  @Endpoint('invitations.renew')
  renew({ params }: InputOf<'invitations.renew'>, auth: Auth): Promise<AnswerOf<'invitations.renew'>> {
    return this.invitations.renew(auth, params.invitation_id);
  }
}
