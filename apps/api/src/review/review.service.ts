import type { ReviewAnswer } from '@labelyard/contract';
import type {
  LabelerDb,
  LabelerTransaction,
  NewNotification,
  ReviewedAnnotation,
  ReviewedImage,
  ReviewOutcome,
} from '@labelyard/db';
import { DomainError, type Annotation, type ReviewDecision } from '@labelyard/domain';
import { Injectable } from '@nestjs/common';
import type { ProjectAuth } from '../auth/auth-context.js';
import { InjectLabelerDb } from '../connections.js';
import { ProjectEvents } from '../events/project-events.js';
import { changeOnce } from '../idempotency/idempotency-scope.js';

interface Verdict {
  readonly decision: ReviewDecision;
  readonly comment?: string | undefined;
  readonly images?: readonly ReviewedImage[];
  readonly annotations?: readonly ReviewedAnnotation[];
}

/** More changed images than this are told as "many". */
const MOST_TOLD = 500;

/** Verdicts of reviewers, with all that follows from them in one transaction: states, reasons, queues, news. */
@Injectable()
export class ReviewService {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    private readonly events: ProjectEvents,
  ) {}

  /** What cannot be judged is skipped, and the rest is judged. */
  decide(auth: ProjectAuth, verdict: Verdict): Promise<ReviewAnswer> {
    return changeOnce(this.db, auth, 200, async (tx) => summary(await this.judge(tx, auth, verdict)));
  }

  /** One image; throws where it cannot be judged. `answer` is made of how many annotations changed. */
  image<Answer>(
    auth: ProjectAuth,
    decision: ReviewDecision,
    { comment, ...image }: ReviewedImage & { readonly comment?: string | undefined },
    answer: (changed: number) => Answer,
  ): Promise<Answer> {
    return changeOnce(this.db, auth, 200, async (tx) => {
      const [outcome] = await this.judge(tx, auth, { decision, comment, images: [image] });
      if (outcome?.problem === 'not_found') {
        throw new DomainError('validation_failed', 'The task type is not one of the project’s', [
          { path: 'task_type', code: 'task_type_not_of_project', message: 'is not one of the project’s' },
        ]);
      }
      if (outcome?.problem) {
        throw new DomainError(
          'version_conflict',
          'The image is not waiting for review, or was changed since you looked; look again',
          { problem: outcome.problem },
        );
      }
      return answer(outcome?.changed ?? 0);
    });
  }

  /** One annotation; throws where it cannot be judged. */
  annotation(
    auth: ProjectAuth,
    decision: ReviewDecision,
    annotation: ReviewedAnnotation,
    comment?: string,
  ): Promise<Annotation> {
    return changeOnce(this.db, auth, 200, async (tx) => {
      const [outcome] = await this.judge(tx, auth, { decision, comment, annotations: [annotation] });
      const current = outcome?.annotation_json ? (JSON.parse(outcome.annotation_json) as Annotation) : null;
      switch (outcome?.problem) {
        case null:
          return current as Annotation;
        case 'version_conflict':
          throw new DomainError('version_conflict', 'The annotation was changed by somebody else; look at it again', {
            current,
          });
        case 'not_waiting': {
          const message =
            decision === 'verify'
              ? 'Only what its annotator confirmed can be verified'
              : 'It is a draft already: its annotator is still working on it';
          throw new DomainError('validation_failed', message, [
            { path: 'annotation_id', code: 'not_waiting', message },
          ]);
        }
        default:
          throw new DomainError('not_found', 'The annotation does not exist any more');
      }
    });
  }

  private async judge(tx: LabelerTransaction, auth: ProjectAuth, verdict: Verdict): Promise<ReviewOutcome[]> {
    const { project_id } = auth.project;
    const scope = { project_id, user_id: auth.user.id, decision: verdict.decision };
    const outcomes: ReviewOutcome[] = [];
    // Annotations first: a verdict on the whole image then covers what is left.
    if (verdict.annotations?.length) outcomes.push(...(await tx.review.annotations(scope, verdict.annotations)));
    if (verdict.images?.length) outcomes.push(...(await tx.review.images(scope, verdict.images)));
    const judged = outcomes.filter(({ problem }) => problem === null);
    if (judged.length === 0) return outcomes;
    if (verdict.decision === 'verify') {
      await tx.comments.resolveRejections({ project_id, user_id: auth.user.id }, judged);
      if (verdict.comment) await this.remark(tx, auth, verdict.comment, judged);
    } else {
      await this.giveBack(tx, auth, verdict.comment ?? '', judged);
    }
    await tx.tasks.followReview([...new Set(judged.flatMap(({ task_id }) => task_id ?? []))]);
    await this.publish(tx, auth, judged);
    return outcomes;
  }

  /** Pins the reason to what was rejected and tells those whose work it is again. */
  private async giveBack(
    tx: LabelerTransaction,
    { project, user }: ProjectAuth,
    body: string,
    rejected: readonly ReviewOutcome[],
  ): Promise<void> {
    const { project_id } = project;
    const comment_ids = await tx.comments.reject({ project_id, author_id: user.id, body }, rejected);
    const news = rejected.flatMap(
      ({ annotator_id, image_id, annotation_id, task_id, task_type }, n): NewNotification[] =>
        annotator_id === null
          ? []
          : [
              {
                user_id: annotator_id,
                kind: 'rejection',
                image_id,
                annotation_id,
                task_id,
                task_type,
                comment_id: comment_ids[n] ?? null,
                excerpt: body,
              },
            ],
    );
    await tx.notifications.tell({ project_id, actor_id: user.id }, news);
    // One is enough: whoever shows comments of the project reads them again.
    const [comment_id] = comment_ids;
    const image_id = rejected[0]?.image_id;
    if (comment_id !== undefined && image_id !== undefined) {
      await this.events.publish(tx.sql, project_id, { type: 'comment', comment_id, image_id });
    }
  }

  /** A word along with an acceptance: said once, of the first thing. */
  private async remark(
    tx: LabelerTransaction,
    { project, user }: ProjectAuth,
    body: string,
    [first]: readonly ReviewOutcome[],
  ): Promise<void> {
    if (!first) return;
    const { image_id, annotation_id, task_type } = first;
    const { project_id } = project;
    await tx.comments.create({
      project_id,
      image_id,
      annotation_id,
      task_type,
      author_id: user.id,
      body,
      mentions: [],
    });
  }

  private async publish(
    tx: LabelerTransaction,
    { project, user }: ProjectAuth,
    judged: readonly ReviewOutcome[],
  ): Promise<void> {
    const ids = [...new Set(judged.map(({ image_id }) => image_id))];
    const image_ids = ids.length > MOST_TOLD ? null : ids;
    await this.events.publish(tx.sql, project.project_id, { type: 'image', image_ids, by: user.id });
    if (judged.some(({ task_id }) => task_id !== null)) {
      await this.events.publish(tx.sql, project.project_id, { type: 'task', task_id: null });
    }
  }
}

function summary(outcomes: readonly ReviewOutcome[]): ReviewAnswer {
  const done = outcomes.filter(({ problem }) => problem === null);
  return {
    images: done.filter(({ annotation_id }) => annotation_id === null).length,
    annotations: done.reduce((sum, { changed }) => sum + changed, 0),
    skipped: outcomes.flatMap(({ image_id, annotation_id, problem }) =>
      problem === null ? [] : [{ image_id: image_id || null, annotation_id, problem }],
    ),
  };
}
