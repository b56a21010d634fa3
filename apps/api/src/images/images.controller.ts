import type { LabelerDb } from '@labelyard/db';
import { ERROR_STATUS, type ProjectImage, type UploadAnswer } from '@labelyard/contract';
import { Controller, Inject } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ProjectAuth } from '../auth/auth-context.js';
import { InjectEnv, InjectLabelerDb } from '../connections.js';
import type { Env } from '../env.js';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';
import { ProjectEvents } from '../events/project-events.js';
import { ofCaller } from './chosen-images.js';
import { chooseSplit } from './choose-split.js';
import { DirectUpload } from './direct-upload.js';
import { ImageList } from './image-list.js';
import { formError, incomingFiles } from './incoming-form.js';
import { recordUpload } from './record-upload.js';
import { uploadFailure } from './upload-report.js';

@Controller()
export class ImagesController {
  constructor(
    @InjectEnv() private readonly env: Env,
    @InjectLabelerDb() private readonly db: LabelerDb,
    @Inject(ImageList) private readonly images: ImageList,
    @Inject(DirectUpload) private readonly uploads: DirectUpload,
    @Inject(ProjectEvents) private readonly events: ProjectEvents,
  ) {}

  @Endpoint('images.list')
  list({ query }: InputOf<'images.list'>, { project, user }: ProjectAuth): Promise<AnswerOf<'images.list'>> {
    return this.images.page(project, ofCaller(query, user.id));
  }

  @Endpoint('images.get')
  get({ params, query }: InputOf<'images.get'>): Promise<ProjectImage> {
    return this.images.get(params.image_id, query.task_type);
  }

  @Endpoint('images.split')
  split({ body }: InputOf<'images.split'>, auth: ProjectAuth): Promise<AnswerOf<'images.split'>> {
    return chooseSplit(this.db, this.events, auth, body);
  }

  @Endpoint('images.upload')
  async upload(
    { params, query }: InputOf<'images.upload'>,
    { user, project }: ProjectAuth,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<UploadAnswer> {
    const { project_id } = project;
    const scope = { dataset_id: params.dataset_id, project_id, user_id: user.id, on_duplicate: query.on_duplicate };
    const files = incomingFiles(request, this.env.limits.max_upload_bytes);
    const answer = await this.uploads.take(scope, files).catch((error: unknown) => {
      throw formError(error, request) ?? error;
    });
    await recordUpload(this.db, scope, answer);
    const failure = uploadFailure(answer);
    if (!failure) return answer;
    void reply.status(ERROR_STATUS[failure.code]);
    return { ...answer, error: { ...failure, request_id: request.id } };
  }
}
