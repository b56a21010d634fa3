import type { LabelerDb } from '@labelyard/db';
import type { Annotation } from '@labelyard/domain';
import { Controller, Inject } from '@nestjs/common';
import type { ProjectAuth } from '../auth/auth-context.js';
import { InjectLabelerDb } from '../connections.js';
import { Endpoint, type AnswerOf, type InputOf } from '../http/endpoint.js';
import { ImageList } from '../images/image-list.js';
import { People } from '../people/people.js';
import { ReviewService } from './review.service.js';

@Controller()
export class ReviewController {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    private readonly people: People,
    @Inject(ImageList) private readonly images: ImageList,
    private readonly review: ReviewService,
  ) {}

  @Endpoint('review.queue')
  async queue({ params, query }: InputOf<'review.queue'>): Promise<AnswerOf<'review.queue'>> {
    const [{ items, next_cursor }, waiting] = await Promise.all([
      this.db.review.queue({ ...params, ...query }),
      this.db.review.waiting(params.project_id),
    ]);
    const people = await this.people.summaries(items.flatMap(({ confirmed_by }) => confirmed_by ?? []));
    return {
      items: items.map((row) => ({
        image: this.images.toProjectImage(row, row.task_type),
        task_type: row.task_type,
        status: 'completed' as const,
        confirmed_at: row.confirmed_at,
        confirmed_by: row.confirmed_by,
        annotator: (row.confirmed_by !== null && people.get(row.confirmed_by)) || null,
        task_id: row.task_id,
      })),
      next_cursor,
      waiting,
    };
  }

  @Endpoint('review.decide')
  decide({ body }: InputOf<'review.decide'>, auth: ProjectAuth): Promise<AnswerOf<'review.decide'>> {
    return this.review.decide(auth, body);
  }

  @Endpoint('annotations.verify')
  verify({ params, body }: InputOf<'annotations.verify'>, auth: ProjectAuth): Promise<Annotation> {
    const { comment, version } = body;
    return this.review.annotation(auth, 'verify', { ...params, version }, comment);
  }

  @Endpoint('annotations.reject')
  reject({ params, body }: InputOf<'annotations.reject'>, auth: ProjectAuth): Promise<Annotation> {
    const { comment, version } = body;
    return this.review.annotation(auth, 'reject', { ...params, version }, comment);
  }

  @Endpoint('images.verify')
  verifyImage({ params, body }: InputOf<'images.verify'>, auth: ProjectAuth): Promise<{ verified: number }> {
    return this.review.image(auth, 'verify', { ...params, ...body }, (verified) => ({ verified }));
  }

  @Endpoint('images.reject')
  rejectImage({ params, body }: InputOf<'images.reject'>, auth: ProjectAuth): Promise<{ rejected: number }> {
    return this.review.image(auth, 'reject', { ...params, ...body }, (rejected) => ({ rejected }));
  }
}
