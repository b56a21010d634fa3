import type { LabelerDb } from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import { Controller } from '@nestjs/common';
import type { ProjectAuth } from '../auth/auth-context.js';
import { InjectLabelerDb } from '../connections.js';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';

@Controller()
export class ProjectsController {
  constructor(@InjectLabelerDb() private readonly db: LabelerDb) {}

  @Endpoint('projects.get')
  async get(_input: InputOf<'projects.get'>, { project }: ProjectAuth): Promise<AnswerOf<'projects.get'>> {
    const row = await this.db.projects.get(project.project_id);
    if (!row) throw new DomainError('not_found', 'The project does not exist any more');
    const { settings: _settings, ...rest } = row;
    return { ...rest, role: project.role };
  }
}
