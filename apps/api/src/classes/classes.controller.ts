import { Controller } from '@nestjs/common';
import type { ProjectAuth } from '../auth/auth-context.js';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';
import { ClassesService } from './classes.service.js';

@Controller()
export class ClassesController {
  constructor(private readonly classes: ClassesService) {}

  @Endpoint('classes.list')
  async list({ query }: InputOf<'classes.list'>, auth: ProjectAuth): Promise<AnswerOf<'classes.list'>> {
    return { items: await this.classes.list(auth, query.task_type), next_cursor: null };
  }

  @Endpoint('classes.create')
  create({ body }: InputOf<'classes.create'>, auth: ProjectAuth): Promise<AnswerOf<'classes.create'>> {
    return this.classes.create(auth, body);
  }

  @Endpoint('classes.update')
  update({ params, body }: InputOf<'classes.update'>, auth: ProjectAuth): Promise<AnswerOf<'classes.update'>> {
    return this.classes.update(auth, params.class_id, body);
  }

  @Endpoint('classes.delete')
  delete({ params }: InputOf<'classes.delete'>, auth: ProjectAuth): Promise<void> {
    return this.classes.delete(auth, params.class_id);
  }

  @Endpoint('classes.reorder')
  async reorder({ body }: InputOf<'classes.reorder'>, auth: ProjectAuth): Promise<AnswerOf<'classes.reorder'>> {
    return this.classes.reorder(auth, body.task_type, body.class_ids);
  }
}
