import type { TaskType } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import type { Page } from '../paging.js';
import { STATUS_COUNTS } from '../project/status-counts.js';
import { reviewAnnotations } from './review-annotations.js';
import { reviewImages } from './review-images.js';
import { reviewQueue, type ReviewQueueQuery, type WaitingImage } from './review-queue.js';
import type { ReviewedAnnotation, ReviewedImage, ReviewOutcome, ReviewScope } from './review-scope.js';

/** Verdicts on images and annotations. Call them in the transaction that also says why and tells people. */
export class ReviewRepository {
  constructor(private readonly connection: Connection) {}

  /** One outcome per image, in the order given; what cannot be judged is left as it is and says why. */
  images(scope: ReviewScope, images: readonly ReviewedImage[]): Promise<ReviewOutcome[]> {
    return this.connection.atomic((transaction) => reviewImages(transaction, scope, images));
  }

  /** The same for single annotations, each on the version that was seen. */
  annotations(scope: ReviewScope, annotations: readonly ReviewedAnnotation[]): Promise<ReviewOutcome[]> {
    return this.connection.atomic((transaction) => reviewAnnotations(transaction, scope, annotations));
  }

  queue(query: ReviewQueueQuery): Promise<Page<WaitingImage>> {
    return reviewQueue(this.connection, query);
  }

  /** How many wait, per task type. Counters, not rows. */
  async waiting(project_id: number): Promise<Partial<Record<TaskType, number>>> {
    const row = await this.connection.one<{ counts: Partial<Record<TaskType, number>> }>(
      `select coalesce(json_object_agg(task_type, image_count), '{}') as counts from ${STATUS_COUNTS} c
        where project_id = $1 and status = 'completed' and task_type <> 'overall'`,
      [project_id],
    );
    return row?.counts ?? {};
  }
}
