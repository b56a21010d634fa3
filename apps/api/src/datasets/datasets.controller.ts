import { Controller } from '@nestjs/common';
import type { Auth, ProjectAuth } from '../auth/auth-context.js';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';
import { DatasetsService } from './datasets.service.js';

@Controller()
export class DatasetsController {
  constructor(private readonly datasets: DatasetsService) {}

  @Endpoint('datasets.list')
  list({ query }: InputOf<'datasets.list'>, auth: Auth): Promise<AnswerOf<'datasets.list'>> {
    return this.datasets.list(auth, query);
  }

  @Endpoint('datasets.create')
  create({ body }: InputOf<'datasets.create'>, auth: Auth): Promise<AnswerOf<'datasets.create'>> {
    return this.datasets.create(auth, body);
  }

  @Endpoint('datasets.get')
  get(_input: InputOf<'datasets.get'>, auth: ProjectAuth): Promise<AnswerOf<'datasets.get'>> {
    return this.datasets.get(auth);
  }

  @Endpoint('datasets.update')
  update({ body }: InputOf<'datasets.update'>, auth: ProjectAuth): Promise<AnswerOf<'datasets.update'>> {
    return this.datasets.update(auth, body);
  }

  @Endpoint('datasets.deletion_impact')
  deletionImpact(
    _input: InputOf<'datasets.deletion_impact'>,
    auth: ProjectAuth,
  ): Promise<AnswerOf<'datasets.deletion_impact'>> {
    return this.datasets.deletionImpact(auth);
  }

  @Endpoint('datasets.delete')
  delete({ body }: InputOf<'datasets.delete'>, auth: ProjectAuth): Promise<void> {
    return this.datasets.delete(auth, body.confirm_name);
  }
}
