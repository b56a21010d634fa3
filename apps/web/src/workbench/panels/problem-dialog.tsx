'use client';

import type { LabelClass } from '@labelyard/contract';
import type { Shape } from '@labelyard/editor';
import { geometryBounds } from '@labelyard/domain';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { Dialog } from '@/ui/dialog';
import type { Entry, Problem } from '../saving/entry';
import { useProblems, useSession } from '../session/use-session';

/** Shown at once: each that is decided makes room for the next. */
const SHOWN = 100;

/** Everything that cannot be saved without a decision: both versions side by side, one of which wins. */
export function ProblemDialog({
  open,
  onOpenChange,
  classes,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  classes: readonly LabelClass[];
}) {
  const t = useTranslations('workbench.problems');
  const problems = useProblems();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('title')} description={t('description')} width="md">
      {problems.length === 0 ? <p className="text-muted">{t('none')}</p> : null}
      <RefusedTogether count={problems.filter(({ entry }) => entry.problem?.kind === 'refused').length} />
      <ul className="flex flex-col gap-3">
        {problems.slice(0, SHOWN).map(({ image_id, entry }) => (
          <ProblemItem key={`${image_id}/${entry.shape_id}`} image_id={image_id} entry={entry} classes={classes} />
        ))}
      </ul>
      {problems.length > SHOWN ? (
        <p className="mt-3 text-sm text-muted">{t('more', { count: problems.length - SHOWN })}</p>
      ) : null}
    </Dialog>
  );
}

/** A right that was taken away, or an image that was deleted, leaves many of one kind: they are decided at once. */
function RefusedTogether({ count }: { count: number }) {
  const t = useTranslations('workbench.problems');
  const session = useSession();
  const [asking, setAsking] = useState(false);
  if (count < 2) return null;
  return (
    <div className="mb-4 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-md bg-sunken px-3 py-2.5">
      <p className="text-sm font-medium">{t('refused_together', { count })}</p>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" onClick={() => setAsking(true)}>
          {t('discard_all')}
        </Button>
        <Button size="sm" variant="primary" onClick={() => session.resolveRefused('mine')}>
          {t('send_all')}
        </Button>
      </div>
      {asking ? (
        <ConfirmDialog
          title={t('discard_title', { count })}
          confirm={t('discard_all')}
          busy={false}
          onConfirm={() => {
            setAsking(false);
            session.resolveRefused('theirs');
          }}
          onClose={() => setAsking(false)}
        >
          <p className="text-sm">{t('discard_text')}</p>
        </ConfirmDialog>
      ) : null}
    </div>
  );
}

function ProblemItem({ image_id, entry, classes }: { image_id: number; entry: Entry; classes: readonly LabelClass[] }) {
  const t = useTranslations('workbench.problems');
  const session = useSession();
  const problem = entry.problem as Problem;
  const messages = 'messages' in problem ? problem.messages : [];
  const theirs = problem.kind === 'conflict' ? problem.current : null;
  const canSendMine = problem.kind === 'conflict' || problem.kind === 'deleted' || problem.kind === 'refused';
  return (
    <li className="rounded-md border p-3">
      <p className="font-medium">{t(`kinds.${problem.kind}`)}</p>
      {messages.map((message) => (
        <p key={message} className="mt-1 text-sm text-muted">
          {message}
        </p>
      ))}
      <dl className="mt-2 grid grid-cols-2 gap-3 text-sm">
        <Version title={t('mine')} shape={entry.wanted} classes={classes} />
        {problem.kind === 'conflict' || problem.kind === 'deleted' ? (
          <Version title={t('theirs')} shape={theirs} classes={classes} />
        ) : null}
      </dl>
      <div className="mt-3 flex flex-wrap justify-end gap-2">
        <Button size="sm" onClick={() => session.resolve(image_id, entry.shape_id, 'theirs')}>
          {problem.kind === 'conflict' || problem.kind === 'deleted' ? t('take_theirs') : t('discard')}
        </Button>
        {canSendMine ? (
          <Button size="sm" variant="primary" onClick={() => session.resolve(image_id, entry.shape_id, 'mine')}>
            {problem.kind === 'refused' ? t('send_again') : t('keep_mine')}
          </Button>
        ) : null}
      </div>
    </li>
  );
}

function Version({ title, shape, classes }: { title: string; shape: Shape | null; classes: readonly LabelClass[] }) {
  const t = useTranslations('workbench');
  const item = classes.find(({ id }) => id === shape?.class_id);
  const bounds = shape && geometryBounds(shape.geometry);
  return (
    <div className="rounded-sm bg-sunken px-2.5 py-2">
      <dt className="text-xs text-muted">{title}</dt>
      <dd className="mt-0.5">
        {shape ? (
          <>
            <span className="flex items-center gap-1.5 font-medium">
              <span
                aria-hidden
                className="size-2.5 rounded-full"
                style={{ background: item?.color ?? 'var(--faint)' }}
              />
              {item?.name ?? t('shapes.no_class')} · {t(`kinds.${shape.annotation_type}`)}
            </span>
            {bounds ? (
              <span className="tabular text-xs text-muted">
                {bounds.map((value) => Math.round(value * 10) / 10).join(', ')}
              </span>
            ) : null}
          </>
        ) : (
          <span className="text-muted">{t('problems.is_deleted')}</span>
        )}
      </dd>
    </div>
  );
}
