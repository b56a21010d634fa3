import type { AnnotationTask, TaskSplit } from '@labelyard/contract';
import type { LabelerDb } from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import { Controller } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Auth, ProjectAuth } from '../auth/auth-context.js';
import { InjectLabelerDb } from '../connections.js';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';
import { People } from '../people/people.js';
import { SplitsService, statusOf } from './splits.service.js';
import { answerTasks, assigneesOf, toMyTask } from './task-answer.js';
import { TasksService } from './tasks.service.js';

/** Longest waiting first; a person with more than these has enough to do. */
const MOST_REWORK = 200;

@Controller()
export class TasksController {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    private readonly people: People,
    private readonly tasks: TasksService,
    private readonly splits: SplitsService,
  ) {}

  @Endpoint('tasks.list')
  async list({ query }: InputOf<'tasks.list'>, { project, user }: ProjectAuth): Promise<AnswerOf<'tasks.list'>> {
    const { assignee, ...rest } = query;
    const { items, next_cursor } = await this.db.tasks.list({
      project_id: project.project_id,
      ...rest,
      assignee: assignee === 'me' ? user.id : assignee === 'none' ? null : assignee,
    });
    return { items: await answerTasks(this.people, items), next_cursor };
  }

  @Endpoint('tasks.create')
  async create(
    { body }: InputOf<'tasks.create'>,
    auth: ProjectAuth,
    _request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<AnswerOf<'tasks.create'>> {
    const answer = await this.splits.create(auth, body);
    void reply.status(statusOf(answer));
    return answer;
  }

  @Endpoint('tasks.preview')
  preview({ body }: InputOf<'tasks.preview'>, auth: ProjectAuth): Promise<AnswerOf<'tasks.preview'>> {
    return this.splits.preview(auth, body);
  }

  @Endpoint('splits.list')
  listSplits({ params, query }: InputOf<'splits.list'>): Promise<AnswerOf<'splits.list'>> {
    return this.splits.list(params.project_id, query);
  }

  @Endpoint('splits.get')
  getSplit({ params }: InputOf<'splits.get'>): Promise<TaskSplit> {
    return this.splits.get(params.split_id);
  }

  @Endpoint('splits.cancel')
  cancelSplit({ params }: InputOf<'splits.cancel'>, auth: ProjectAuth): Promise<TaskSplit> {
    return this.splits.cancel(auth, params.split_id);
  }

  @Endpoint('tasks.get')
  async get({ params }: InputOf<'tasks.get'>): Promise<AnnotationTask> {
    const row = await this.db.tasks.get(params.task_id);
    if (!row) throw new DomainError('not_found', 'The task does not exist any more', params);
    const [task] = await answerTasks(this.people, [row]);
    return task as AnnotationTask;
  }

  @Endpoint('tasks.update')
  update({ params, body }: InputOf<'tasks.update'>, auth: ProjectAuth): Promise<AnnotationTask> {
    return this.tasks.update(auth, params.task_id, body);
  }

  @Endpoint('tasks.images')
  images({ params, body }: InputOf<'tasks.images'>, auth: ProjectAuth): Promise<AnswerOf<'tasks.images'>> {
    return this.tasks.changeImages(auth, params.task_id, body);
  }

  @Endpoint('tasks.delete')
  delete({ params, query }: InputOf<'tasks.delete'>, auth: ProjectAuth): Promise<void> {
    return this.tasks.delete(auth, params.task_id, query.version);
  }

  @Endpoint('tasks.start')
  start({ params, body }: InputOf<'tasks.start'>, auth: ProjectAuth): Promise<AnnotationTask> {
    return this.tasks.move(auth, params.task_id, 'start', body);
  }

  @Endpoint('tasks.submit')
  submit({ params, body }: InputOf<'tasks.submit'>, auth: ProjectAuth): Promise<AnnotationTask> {
    return this.tasks.move(auth, params.task_id, 'submit', body);
  }

  @Endpoint('tasks.hand_back')
  handBack({ params, body }: InputOf<'tasks.hand_back'>, auth: ProjectAuth): Promise<AnnotationTask> {
    return this.tasks.move(auth, params.task_id, 'hand_back', body);
  }

  @Endpoint('tasks.send_back')
  sendBack({ params, body }: InputOf<'tasks.send_back'>, auth: ProjectAuth): Promise<AnnotationTask> {
    return this.tasks.move(auth, params.task_id, 'send_back', body);
  }

  @Endpoint('tasks.complete')
  complete({ params, body }: InputOf<'tasks.complete'>, auth: ProjectAuth): Promise<AnnotationTask> {
    return this.tasks.move(auth, params.task_id, 'complete', body);
  }

  @Endpoint('tasks.reopen')
  reopen({ params, body }: InputOf<'tasks.reopen'>, auth: ProjectAuth): Promise<AnnotationTask> {
    return this.tasks.move(auth, params.task_id, 'reopen', body);
  }

  @Endpoint('me.tasks')
  async mine({ query }: InputOf<'me.tasks'>, { user }: Auth): Promise<AnswerOf<'me.tasks'>> {
    const { items, next_cursor } = await this.db.tasks.mine(user.id, query);
    const people = await this.people.summaries(assigneesOf(items));
    return { items: items.map((row) => toMyTask(row, people)), next_cursor };
  }

  @Endpoint('me.rework')
  async rework(_input: InputOf<'me.rework'>, { user }: Auth): Promise<AnswerOf<'me.rework'>> {
    return { items: await this.db.tasks.rework(user.id, MOST_REWORK) };
  }
}
