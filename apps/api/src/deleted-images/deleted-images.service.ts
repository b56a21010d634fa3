import { randomUUID } from 'node:crypto';
import type { DeletedImage, ImageDeletion, ImageDeletionPreview, ImageRestoration } from '@labelyard/contract';
import type { LabelerDb, LabelerTransaction, PageRequest } from '@labelyard/db';
import { DomainError, MAX_IMAGES_CHOSEN_AT_ONCE } from '@labelyard/domain';
import type { Storage } from '@labelyard/storage';
import { Inject, Injectable } from '@nestjs/common';
import type { ProjectAuth } from '../auth/auth-context.js';
import { InjectLabelerDb, InjectStorage } from '../connections.js';
import { ProjectEvents, tellable } from '../events/project-events.js';
import type { InputOf } from '../http/endpoint.js';
import { changeOnce } from '../idempotency/idempotency-scope.js';
import { chosenImages, ofCaller } from '../images/chosen-images.js';
import { THUMBNAILS } from '../images/image-tasks.js';
import { PictureKeeper } from '../images/picture-keeper.js';
import { enqueue } from '../jobs/task.js';
import { People } from '../people/people.js';
import { toDeletedImages } from './deleted-image-answer.js';

type DeletionInput = InputOf<'images.delete'>['body'];
type PreviewInput = InputOf<'images.delete_preview'>['body'];
type RestorationInput = InputOf<'deleted_images.restore'>['body'];

/** Missing ids a refusal names. */
const MOST_NAMED = 20;

/** Images that go, and come back. Each request is done or not as a whole; sent again, it does nothing twice. */
@Injectable()
export class DeletedImagesService {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    @InjectStorage() private readonly storage: Storage,
    private readonly people: People,
    private readonly events: ProjectEvents,
    @Inject(PictureKeeper) private readonly keeper: PictureKeeper,
  ) {}

  preview({ project, user }: ProjectAuth, body: PreviewInput): Promise<ImageDeletionPreview> {
    const choice = 'filter' in body ? { filter: ofCaller(body.filter, user.id) } : body;
    return this.db.deletedImages.impact(project, choice, user.id);
  }

  /** @throws locked, in_use, not_found for ids the project never had */
  async delete(auth: ProjectAuth, body: DeletionInput): Promise<ImageDeletion> {
    const { project, user } = auth;
    const { held, deletion_id = randomUUID() } = body;
    return changeOnce(this.db, auth, 200, async (tx) => {
      const { image_ids, next_cursor } = await chosenImages(tx, auth, body);
      const scope = { ...project, user_id: user.id, deletion_id, held };
      const { images, annotations, left } = await tx.deletedImages.delete(scope, image_ids);
      const gone = new Set(images.map(({ id }) => id));
      for (const { image_id } of left) gone.add(image_id);
      const { before, missing } = await this.otherwise(tx, auth, image_ids.filter((id) => !gone.has(id)), deletion_id); // prettier-ignore
      if (images.length > 0) await this.announce(tx, auth, { restored: false, images, annotations });
      return { deletion_id, images: images.length + before, annotations, missing, left: [...left], next_cursor };
    });
  }

  async restore(auth: ProjectAuth, body: RestorationInput): Promise<ImageRestoration> {
    const { project } = auth;
    const { project_id, dataset_id } = project;
    return changeOnce(this.db, auth, 200, async (tx) => {
      const scope = { project_id, dataset_id, wanted: body, limit: MAX_IMAGES_CHOSEN_AT_ONCE };
      const place = this.keeper.bringBack.bind(this.keeper, dataset_id);
      const { images, annotations, lost, task_ids } = await tx.deletedImages.restore(scope, place);
      const renamed = images.flatMap(({ id, path, from_path }) =>
        path === from_path ? [] : [{ image_id: id, from: from_path, to: path }],
      );
      if (images.length > 0) await this.announce(tx, auth, { restored: true, images, annotations });
      if (renamed.length > 0) await enqueue(tx.sql, THUMBNAILS, {});
      await this.events.publishEach(
        tx.sql,
        task_ids.map((task_id) => ({ project_id, change: { type: 'task', task_id } })),
      );
      const more = 'deletion_id' in body && (await tx.deletedImages.left(project_id, body.deletion_id)) > 0;
      return { images: images.length, annotations, renamed, lost: [...lost] as ImageRestoration['lost'], more };
    });
  }

  async list(project_id: number, page: PageRequest): Promise<{ items: DeletedImage[]; next_cursor: string | null }> {
    const { items, next_cursor } = await this.db.deletedImages.list(project_id, page);
    return { items: await toDeletedImages(items, this.people, this.storage.datasets), next_cursor };
  }

  async get(project_id: number, image_id: number): Promise<DeletedImage> {
    const row = await this.db.deletedImages.get(project_id, image_id);
    const [image] = await toDeletedImages(row ? [row] : [], this.people, this.storage.datasets);
    if (!image) throw new DomainError('not_found', 'The image is not among the deleted ones', { image_id });
    return image;
  }

  /** Of ids that nothing was found for: deleted by the same request before, or by somebody else. @throws not_found for any other */
  private async otherwise(
    tx: LabelerTransaction,
    { project }: ProjectAuth,
    image_ids: readonly number[],
    deletion_id: string,
  ): Promise<{ before: number; missing: number }> {
    if (image_ids.length === 0) return { before: 0, missing: 0 };
    const deleted = await tx.deletedImages.deletionsOf(project.project_id, image_ids);
    const unknown = [...new Set(image_ids)].filter((id) => !deleted.has(id));
    if (unknown.length > 0) {
      const message = `The project has no images ${unknown.slice(0, MOST_NAMED).join(', ')}; nothing was deleted`;
      throw new DomainError('not_found', message, { image_ids: unknown.slice(0, MOST_NAMED) });
    }
    const before = [...deleted.values()].filter((id) => id === deletion_id.toLowerCase()).length;
    return { before, missing: deleted.size - before };
  }

  /** Audit log, and whoever has the project open. */
  private async announce(
    tx: LabelerTransaction,
    { project: { project_id }, user }: ProjectAuth,
    done: {
      readonly restored: boolean;
      readonly images: readonly { readonly id: number; readonly path: string }[];
      readonly annotations: number;
    },
  ): Promise<void> {
    const { restored, images, annotations } = done;
    const [only] = images.length === 1 ? images : [];
    await tx.audit.record({
      project_id,
      actor_id: user.id,
      action: restored ? 'image.restore' : 'image.delete',
      ...(only && { subject_type: 'image', subject_id: only.id }),
      details: { count: images.length, annotations, ...(only && { path: only.path }) },
    });
    const told = tellable(images.map(({ id }) => id));
    await this.events.publishEach(
      tx.sql,
      told.map((image_ids) => ({ project_id, change: { type: 'deletion', image_ids, by: user.id, restored } })),
    );
  }
}
