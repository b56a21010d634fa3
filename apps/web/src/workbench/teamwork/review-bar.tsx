'use client';

import type { CommentThread, ProjectImage } from '@labelyard/contract';
import { REVIEWED_FROM, type TaskType } from '@labelyard/domain';
import { CheckCheck, CircleX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { ReasonDialog } from '@/features/tasks/reason-dialog';
import { Button } from '@/ui/button';
import { Kbd } from '@/ui/kbd';
import { useEditorPart } from '../session/use-session';
import type { useReviewing } from './use-reviewing';

/** Labels in the hand that a verdict can be given on. */
export function useJudgeable(decision: 'verify' | 'reject') {
  const shapes = useEditorPart((snapshot) => snapshot.shapes);
  const selection = useEditorPart((snapshot) => snapshot.selection);
  return useMemo(
    () =>
      shapes.flatMap(({ id, annotation_id, version, state }) =>
        annotation_id !== null && selection.includes(id) && REVIEWED_FROM[decision].includes(state)
          ? [{ annotation_id, version }]
          : [],
      ),
    [shapes, selection, decision],
  );
}

/** The reviewer's bar: what is to be judged, and the two verdicts. The selection, when there is one; else the whole image. */
export function ReviewBar({
  image,
  task_type,
  reviewing,
  asking,
  onAsk,
}: {
  image: ProjectImage | null;
  task_type: TaskType;
  reviewing: ReturnType<typeof useReviewing>;
  /** Whether the reason for a rejection is being asked. */
  asking: boolean;
  onAsk: (asking: boolean) => void;
}) {
  const t = useTranslations('review');
  const toVerify = useJudgeable('verify');
  const toReject = useJudgeable('reject');
  const status = image?.statuses[task_type];
  if (!image || (status !== 'completed' && status !== 'reviewed')) {
    // A label can be judged while others of the image are back in work.
    if (!image || (toVerify.length === 0 && toReject.length === 0)) return null;
  }
  const whole = toReject.length === 0;
  const verifiable = toVerify.length > 0 || (whole && status === 'completed');
  return (
    <section
      aria-label={t('bar')}
      className="flex min-h-11 shrink-0 flex-wrap items-center justify-end gap-2 border-b bg-surface px-3 py-1.5"
    >
      <p role="status" className="mr-auto text-sm text-muted">
        {whole
          ? t(status === 'reviewed' ? 'image_reviewed' : 'image_waits')
          : t('labels_chosen', { count: toReject.length })}
      </p>
      <Button
        size="sm"
        icon={<CircleX aria-hidden />}
        disabled={reviewing.busy}
        onClick={() => onAsk(true)}
        data-testid="reject"
      >
        {t(whole ? 'reject_image' : 'reject_labels', { count: toReject.length })}
        <Kbd keys="⇧ R" className="opacity-70 max-lg:hidden" />
      </Button>
      {verifiable ? (
        <Button
          size="sm"
          variant="primary"
          icon={<CheckCheck aria-hidden />}
          busy={reviewing.busy}
          onClick={() => void reviewing.decide('verify', toVerify)}
          data-testid="verify"
        >
          {toVerify.length > 0 ? t('verify_labels', { count: toVerify.length }) : t('verify_next')}
          <Kbd keys="⇧ E" className="opacity-70 max-lg:hidden" />
        </Button>
      ) : null}
      {asking ? (
        <ReasonDialog
          title={t(whole ? 'reject_image_title' : 'reject_labels_title', { count: toReject.length })}
          description={t('reject_explain')}
          label={t('reject_reason')}
          submit={t('reject')}
          danger
          busy={reviewing.busy}
          onClose={() => onAsk(false)}
          onSubmit={(comment) =>
            void reviewing.decide('reject', toReject, comment).then((done) => {
              if (done) onAsk(false);
            })
          }
        />
      ) : null}
    </section>
  );
}

/** Tells the annotator, above the image, that it came back and why. */
export function RejectionNote({
  image,
  task_type,
  threads,
  onShow,
}: {
  image: ProjectImage | null;
  task_type: TaskType;
  threads: readonly CommentThread[];
  onShow: () => void;
}) {
  const t = useTranslations('review');
  const open = threads.filter(
    (thread) => thread.kind === 'rejection' && thread.resolved_at === null && thread.task_type === task_type,
  );
  const [last] = open;
  const done = image?.statuses[task_type] === 'completed' || image?.statuses[task_type] === 'reviewed';
  if (!image || !last || done) return null;
  return (
    <div role="note" className="flex shrink-0 items-center gap-2.5 border-b bg-danger-soft px-3 py-1.5 text-sm">
      <CircleX aria-hidden className="size-4 shrink-0 text-danger" />
      <p className="min-w-0 flex-1 truncate">
        <strong className="font-semibold text-danger">{t('came_back', { count: open.length })}</strong> {last.body}
      </p>
      <Button size="sm" variant="ghost" onClick={onShow}>
        {t('show_reasons')}
      </Button>
    </div>
  );
}
