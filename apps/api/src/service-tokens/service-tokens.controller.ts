import { Controller } from '@nestjs/common';
import type { Auth, ProjectAuth } from '../auth/auth-context.js';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';
import { ServiceTokensService } from './service-tokens.service.js';

@Controller()
export class ServiceTokensController {
  constructor(private readonly tokens: ServiceTokensService) {}

  @Endpoint('service_tokens.list')
  list({ params, query }: InputOf<'service_tokens.list'>): Promise<AnswerOf<'service_tokens.list'>> {
    return this.tokens.list(params, query);
  }

  @Endpoint('service_tokens.create')
  create({ body }: InputOf<'service_tokens.create'>, auth: ProjectAuth): Promise<AnswerOf<'service_tokens.create'>> {
    return this.tokens.create(auth, { id: auth.project.project_id, name: auth.project.name }, body);
  }

  @Endpoint('service_tokens.rotate')
  rotate(
    { params, body }: InputOf<'service_tokens.rotate'>,
    auth: ProjectAuth,
  ): Promise<AnswerOf<'service_tokens.rotate'>> {
    return this.tokens.rotate(auth, params, params.service_token_id, body);
  }

  @Endpoint('service_tokens.revoke')
  revoke({ params }: InputOf<'service_tokens.revoke'>, auth: ProjectAuth): Promise<AnswerOf<'service_tokens.revoke'>> {
    return this.tokens.revoke(auth, params, params.service_token_id);
  }

  @Endpoint('admin.service_tokens')
  listAll({ query }: InputOf<'admin.service_tokens'>): Promise<AnswerOf<'admin.service_tokens'>> {
    return this.tokens.list('all', query);
  }

  @Endpoint('admin.create_service_token')
  createEverywhere(
    { body }: InputOf<'admin.create_service_token'>,
    auth: Auth,
  ): Promise<AnswerOf<'admin.create_service_token'>> {
    return this.tokens.create(auth, null, body);
  }

  @Endpoint('admin.rotate_service_token')
  rotateAny(
    { params, body }: InputOf<'admin.rotate_service_token'>,
    auth: Auth,
  ): Promise<AnswerOf<'admin.rotate_service_token'>> {
    return this.tokens.rotate(auth, 'all', params.service_token_id, body);
  }

  @Endpoint('admin.revoke_service_token')
  revokeAny(
    { params }: InputOf<'admin.revoke_service_token'>,
    auth: Auth,
  ): Promise<AnswerOf<'admin.revoke_service_token'>> {
    return this.tokens.revoke(auth, 'all', params.service_token_id);
  }
}
