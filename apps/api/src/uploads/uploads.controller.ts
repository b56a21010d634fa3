import type { Upload, UploadAnswer } from '@labelyard/contract';
import { Controller, Inject } from '@nestjs/common';
import type { ProjectAuth } from '../auth/auth-context.js';
import { Endpoint, type InputOf } from '../http/endpoint.js';
import { claimed } from '../idempotency/idempotency-scope.js';
import { UploadCompletion } from './upload-completion.js';
import { UploadSessions } from './upload-sessions.js';

@Controller()
export class UploadsController {
  constructor(
    @Inject(UploadSessions) private readonly sessions: UploadSessions,
    @Inject(UploadCompletion) private readonly completion: UploadCompletion,
  ) {}

  @Endpoint('uploads.create')
  create({ params, body }: InputOf<'uploads.create'>, auth: ProjectAuth): Promise<Upload> {
    return this.sessions.create(
      { dataset_id: params.dataset_id, project_id: auth.project.project_id, user_id: auth.user.id },
      body,
      claimed(auth),
    );
  }

  @Endpoint('uploads.get')
  get({ params }: InputOf<'uploads.get'>): Promise<Upload> {
    return this.sessions.get(params.upload_id);
  }

  @Endpoint('uploads.complete')
  complete({ params, body }: InputOf<'uploads.complete'>, { user, project }: ProjectAuth): Promise<UploadAnswer> {
    return this.completion.complete(
      { upload_id: params.upload_id, project_id: project.project_id, user_id: user.id },
      body,
    );
  }
}
