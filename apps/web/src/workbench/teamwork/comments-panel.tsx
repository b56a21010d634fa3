'use client';

import type { CommentThread, Dataset, Me } from '@labelyard/contract';
import { can } from '@labelyard/domain';
import { MapPin, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { useErrorText } from '@/error-text';
import { CommentComposer } from '@/features/comments/comment-composer';
import { Thread } from '@/features/comments/comment-thread';
import { useCommentActions } from '@/features/comments/use-comment-actions';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { IconButton } from '@/ui/icon-button';
import { ListSkeleton } from '@/ui/skeleton';
import { ErrorState } from '@/ui/states';
import { useEditor, useEditorPart } from '../session/use-session';
import type { useImageComments } from './use-image-comments';

/** What is said about the open image, beside it. */
export function CommentsPanel({
  dataset,
  me,
  image_id,
  comments,
  currentId,
  point,
  onPlace,
  onPointUsed,
  onClose,
}: {
  dataset: Dataset;
  me: Me;
  image_id: number;
  comments: ReturnType<typeof useImageComments>;
  /** The thread whose pin was clicked. */
  currentId: number | null;
  /** Where the next comment is pinned. */
  point: [number, number] | null;
  onPlace: () => void;
  onPointUsed: () => void;
  onClose: () => void;
}) {
  const t = useTranslations('comments');
  const errorText = useErrorText();
  const editor = useEditor();
  const [resolvedShown, setResolvedShown] = useState(false);
  const shapes = useEditorPart((snapshot) => snapshot.shapes);
  const selection = useEditorPart((snapshot) => snapshot.selection);
  const { create } = useCommentActions(dataset.project_id);
  const { list, threads } = comments;
  const chosen = selection.length === 1 ? shapes.find(({ id }) => id === selection[0]) : undefined;
  const annotation_id = point ? undefined : (chosen?.annotation_id ?? undefined);
  const shown = threads.filter((one) => resolvedShown || one.resolved_at === null || one.id === currentId);
  const resolvedCount = threads.length - threads.filter((one) => one.resolved_at === null).length;
  const current = useRef<HTMLLIElement>(null);
  useEffect(() => {
    current.current?.scrollIntoView({ block: 'nearest' });
  }, [currentId]);

  const select = ({ annotation_id: id }: CommentThread) => {
    const shape = shapes.find((one) => id !== null && one.annotation_id === id);
    if (shape) editor.select([shape.id]);
  };
  return (
    <aside
      aria-label={t('title')}
      className="flex w-80 shrink-0 flex-col border-l bg-surface max-lg:absolute max-lg:inset-y-0 max-lg:right-0 max-lg:z-20 max-lg:w-full max-lg:max-w-sm max-lg:shadow-3"
    >
      <div className="flex items-center justify-between border-b py-1 pl-3 pr-1.5">
        <h2 className="text-sm font-semibold">{t('title')}</h2>
        <IconButton size="sm" label={t('close')} onClick={onClose}>
          <X aria-hidden />
        </IconButton>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-3" tabIndex={0} role="group" aria-label={t('threads')}>
        {list.isPending ? (
          <ListSkeleton />
        ) : list.isError && !list.data ? (
          <ErrorState {...errorText(list.error)} onRetry={() => void list.refetch()} />
        ) : shown.length === 0 ? (
          <p className="py-6 text-center text-sm text-muted">{t('none_here')}</p>
        ) : (
          <ul>
            {shown.map((thread) => (
              <li
                key={thread.id}
                ref={thread.id === currentId ? current : undefined}
                aria-current={thread.id === currentId ? 'true' : undefined}
                className={classNames('-mx-3 border-b px-3 py-3', thread.id === currentId && 'bg-accent-soft')}
              >
                <Thread
                  projectId={dataset.project_id}
                  thread={thread}
                  me={me.id}
                  role={dataset.role}
                  context={
                    thread.annotation_id !== null && !thread.annotation_deleted ? (
                      <Button size="sm" variant="ghost" className="h-5 px-1 text-xs" onClick={() => select(thread)}>
                        {t('on_label')}
                      </Button>
                    ) : thread.point && !thread.annotation_id ? (
                      <Badge icon={<MapPin aria-hidden />}>{t('on_point')}</Badge>
                    ) : thread.annotation_id === null ? (
                      <Badge>{t('on_image')}</Badge>
                    ) : null
                  }
                />
              </li>
            ))}
          </ul>
        )}
        {resolvedCount > 0 ? (
          <Button size="sm" variant="ghost" className="my-2" onClick={() => setResolvedShown(!resolvedShown)}>
            {t(resolvedShown ? 'hide_resolved' : 'show_resolved', { count: resolvedCount })}
          </Button>
        ) : null}
      </div>
      {can(dataset.role, 'comment.create') ? (
        <div className="border-t p-3">
          <div className="mb-1.5 flex items-center justify-between gap-2 text-xs text-muted">
            <span role="status">
              {point ? t('target.point') : annotation_id !== undefined ? t('target.label') : t('target.image')}
            </span>
            {point ? (
              <Button size="sm" variant="ghost" onClick={onPointUsed}>
                {t('unpin')}
              </Button>
            ) : (
              <Button size="sm" variant="ghost" icon={<MapPin aria-hidden />} onClick={onPlace}>
                {t('pin_to_point')}
              </Button>
            )}
          </div>
          <CommentComposer
            key={point ? point.join() : 'plain'}
            projectId={dataset.project_id}
            draft={{ user_id: me.id, kind: 'image', id: image_id }}
            label={t('write')}
            submit={t('send')}
            autoFocus={point !== null}
            busy={create.isPending}
            onSent={onPointUsed}
            onSubmit={(body, mentions) =>
              create.mutateAsync({ image_id, body, mentions, ...(point ? { point } : { annotation_id }) })
            }
          />
        </div>
      ) : null}
    </aside>
  );
}
