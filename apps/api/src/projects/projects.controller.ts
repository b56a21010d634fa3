import type { LabelerDb } from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import { Controller } from '@nestjs/common';
import type { ProjectAuth } from '../auth/auth-context.js';
import { InjectLabelerDb } from '../connections.js';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';
import { People } from '../people/people.js';

@Controller()
export class ProjectsController {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    private readonly people: People,
  ) {}

  @Endpoint('projects.get')
  async get(_input: InputOf<'projects.get'>, { project }: ProjectAuth): Promise<AnswerOf<'projects.get'>> {
    const row = await this.db.projects.get(project.project_id);
    if (!row) throw new DomainError('not_found', 'The project does not exist any more');
    const { settings: _settings, ...rest } = row;
    return { ...rest, role: project.role };
  }

  @Endpoint('members.list')
  async members({ query }: InputOf<'members.list'>, { project }: ProjectAuth): Promise<AnswerOf<'members.list'>> {
    const { items, next_cursor } = await this.db.projects.members(project.project_id, query);
    const people = await this.people.summaries(items.map((item) => item.user_id));
    return { items: items.map((item) => ({ ...item, user: people.get(item.user_id) ?? null })), next_cursor };
  }
}
