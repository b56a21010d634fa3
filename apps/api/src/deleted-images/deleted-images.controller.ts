import type { DeletedImage, ImageDeletion, ImageDeletionPreview, ImageRestoration } from '@labelyard/contract';
import { Controller } from '@nestjs/common';
import type { ProjectAuth } from '../auth/auth-context.js';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';
import { DeletedImagesService } from './deleted-images.service.js';

@Controller()
export class DeletedImagesController {
  constructor(private readonly images: DeletedImagesService) {}

  @Endpoint('images.delete')
  delete({ body }: InputOf<'images.delete'>, auth: ProjectAuth): Promise<ImageDeletion> {
    return this.images.delete(auth, body);
  }

  @Endpoint('images.delete_preview')
  preview({ body }: InputOf<'images.delete_preview'>, auth: ProjectAuth): Promise<ImageDeletionPreview> {
    return this.images.preview(auth, body);
  }

  @Endpoint('deleted_images.list')
  list({ params, query }: InputOf<'deleted_images.list'>): Promise<AnswerOf<'deleted_images.list'>> {
    return this.images.list(params.project_id, query);
  }

  @Endpoint('deleted_images.get')
  get({ params }: InputOf<'deleted_images.get'>): Promise<DeletedImage> {
    return this.images.get(params.project_id, params.deleted_image_id);
  }

  @Endpoint('deleted_images.restore')
  restore({ body }: InputOf<'deleted_images.restore'>, auth: ProjectAuth): Promise<ImageRestoration> {
    return this.images.restore(auth, body);
  }
}
