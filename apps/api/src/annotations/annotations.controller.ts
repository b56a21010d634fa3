import type { OperationResult, ProjectChange } from '@labelyard/contract';
import type { ImageScope, LabelerDb, LabelerTransaction, MovedImage } from '@labelyard/db';
import { can, DomainError, VERIFIED_ISSUE, type Annotation, type BatchAuthor, type TaskType } from '@labelyard/domain';
import { Controller } from '@nestjs/common';
import type { ProjectAuth } from '../auth/auth-context.js';
import { InjectLabelerDb } from '../connections.js';
import { announcement } from '../events/project-events.js';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';
import { JsonText } from '../http/json-text.js';
import { changeOnce } from '../idempotency/idempotency-scope.js';
import { toImage } from '../images/upload-report.js';
import { applyChanges, type Change } from './annotation-changes.js';

@Controller()
export class AnnotationsController {
  constructor(@InjectLabelerDb() private readonly db: LabelerDb) {}

  @Endpoint('annotations.list')
  async list({ params, query }: InputOf<'annotations.list'>): Promise<AnswerOf<'annotations.list'>> {
    const { items_json, next_cursor } = await this.db.annotations.listByProject({ ...params, ...query });
    return new JsonText(`{"items":${items_json},"next_cursor":${JSON.stringify(next_cursor)}}`);
  }

  /** The workbench's hot path: the rows come as text from Postgres and are not looked at here. */
  @Endpoint('annotations.of_image')
  async ofImage(
    { params }: InputOf<'annotations.of_image'>,
    { project }: ProjectAuth,
  ): Promise<AnswerOf<'annotations.of_image'>> {
    const items = await this.db.annotations.loadImage(params);
    return new JsonText(`{"image":${JSON.stringify(toImage(imageOf(project)))},"items":${items}}`);
  }

  /** Operations carry their own ids: sent again, with or without an Idempotency-Key, each is applied once. */
  @Endpoint('annotations.operations')
  async operations(
    { body }: InputOf<'annotations.operations'>,
    auth: ProjectAuth,
  ): Promise<AnswerOf<'annotations.operations'>> {
    const results = await this.db.transaction((tx) =>
      applyChanges(tx, scopeOf(auth), body.operations, authorOf(auth), { is_last: true }),
    );
    return new JsonText(`{"results":[${results.map(({ json }) => json).join(',')}]}`);
  }

  @Endpoint('annotations.create')
  create({ body }: InputOf<'annotations.create'>, auth: ProjectAuth): Promise<Annotation> {
    const { project_id: _project, image_id: _image, ...draft } = body;
    return changeOnce(this.db, auth, 201, (tx) =>
      single(tx, scopeOf(auth), { op: 'create', op_id: null, ...draft }, authorOf(auth)),
    );
  }

  @Endpoint('annotations.get')
  async get({ params }: InputOf<'annotations.get'>): Promise<Annotation> {
    const annotation = await this.db.annotations.get(params.annotation_id);
    if (!annotation) throw gone(params.annotation_id);
    return annotation;
  }

  @Endpoint('annotations.update')
  update({ params, body }: InputOf<'annotations.update'>, auth: ProjectAuth): Promise<Annotation> {
    const change: Change = { op: 'update', op_id: null, ...params, ...body };
    return this.db.transaction((tx) => single(tx, scopeOf(auth), change, authorOf(auth)));
  }

  @Endpoint('annotations.delete')
  async remove({ params, query }: InputOf<'annotations.delete'>, auth: ProjectAuth): Promise<void> {
    const change: Change = { op: 'delete', op_id: null, ...params, ...query };
    await this.db.transaction((tx) => single(tx, scopeOf(auth), change, authorOf(auth)));
  }

  @Endpoint('annotations.confirm')
  confirm({ params, body }: InputOf<'annotations.confirm'>, auth: ProjectAuth): Promise<Annotation> {
    return changeOnce(this.db, auth, 200, (tx) => tx.annotations.confirm(scopeOf(auth), { ...params, ...body }));
  }

  @Endpoint('annotations.unconfirm')
  unconfirm({ params, body }: InputOf<'annotations.unconfirm'>, auth: ProjectAuth): Promise<Annotation> {
    return changeOnce(this.db, auth, 200, (tx) =>
      tx.annotations.unconfirm(scopeOf(auth), { ...params, ...body }, authorOf(auth)),
    );
  }

  @Endpoint('images.confirm')
  confirmImage({ body }: InputOf<'images.confirm'>, auth: ProjectAuth): Promise<{ confirmed: number }> {
    return changeOnce(this.db, auth, 200, async (tx) => {
      const moved = await tx.annotations.confirmImage(scopeOf(auth), body.task_type);
      return recordImage(tx, auth, 'image.confirm', body.task_type, moved);
    });
  }

  @Endpoint('images.unconfirm')
  unconfirmImage({ body }: InputOf<'images.unconfirm'>, auth: ProjectAuth): Promise<{ confirmed: number }> {
    return changeOnce(this.db, auth, 200, async (tx) => {
      const moved = await tx.annotations.unconfirmImage(scopeOf(auth), body.task_type);
      return recordImage(tx, auth, 'image.unconfirm', body.task_type, moved);
    });
  }
}

/** What was so already is no news. */
async function recordImage(
  tx: LabelerTransaction,
  auth: ProjectAuth,
  action: string,
  task_type: TaskType,
  { confirmed, was_changed }: MovedImage,
): Promise<{ confirmed: number }> {
  const { project_id, image_id, user_id: actor_id } = scopeOf(auth);
  const details = { task_type, count: confirmed };
  if (was_changed) {
    await tx.audit.record({ project_id, actor_id, action, subject_type: 'image', subject_id: image_id, details });
  }
  return { confirmed };
}

/** It was looked up on the way in. */
function imageOf(project: ProjectAuth['project']) {
  if (!project.image) throw new DomainError('not_found', 'The image does not exist');
  return project.image;
}

function scopeOf({ project, user }: ProjectAuth): ImageScope {
  const { project_id } = project;
  const image_id = imageOf(project).id;
  const change: ProjectChange = { type: 'image', image_ids: [image_id], by: user.id };
  return { project_id, image_id, user_id: user.id, announce: announcement(project_id, change) };
}

/** What the caller's role lets them undo of a reviewer's verdict. */
function authorOf({ project }: ProjectAuth): BatchAuthor {
  return { may_edit_verified: can(project.role, 'annotation.edit_verified') };
}

/** One change by the rules of a batch; what a batch reports is thrown here. */
async function single(
  tx: LabelerTransaction,
  scope: ImageScope,
  change: Change,
  author: BatchAuthor,
): Promise<Annotation> {
  const [result] = await applyChanges(tx, scope, [change], author);
  const { status, annotation, issues = [] } = JSON.parse(result?.json ?? '{}') as OperationResult;
  const annotation_id = change.op === 'create' ? 0 : change.annotation_id;
  switch (status) {
    case 'applied':
      return annotation as Annotation;
    case 'conflict':
      throw new DomainError(
        'version_conflict',
        'The annotation was changed by somebody else; look at the current one',
        {
          current: annotation,
        },
      );
    case 'not_found':
      throw gone(annotation_id);
    case 'rejected': {
      const [first] = issues;
      const duplicate = issues.every(({ code }) => code === 'duplicate');
      const message = `${first?.path}: ${first?.message}`;
      if (first?.code === VERIFIED_ISSUE.code) throw new DomainError('forbidden', message, issues);
      throw new DomainError(duplicate ? 'duplicate' : 'validation_failed', message, issues);
    }
  }
}

function gone(annotation_id: number): DomainError {
  return new DomainError('not_found', 'The annotation does not exist any more', { annotation_id });
}
