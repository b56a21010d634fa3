'use client';

import type { AnnotationVersion, LabelClass } from '@labelyard/contract';
import { can, RESTORE_OBSTACLES, type Role } from '@labelyard/domain';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { useAuthorName } from '@/features/history/author';
import { ChangeWords } from '@/features/history/change-words';
import { versionsQuery } from '@/features/history/history-queries';
import { tell } from '@/features/history/told-changes';
import { Button } from '@/ui/button';
import { IconButton } from '@/ui/icon-button';
import { toast } from '@/ui/toast-store';
import { useEditor, useEditorPart, useSession } from '../session/use-session';

/** How the selected label came to be what it is. Pointing at a version draws it over the image. */
export function ShapeHistory({ classes, role }: { classes: readonly LabelClass[]; role: Role }) {
  const t = useTranslations('shape_history');
  const editor = useEditor();
  const selection = useEditorPart((snapshot) => snapshot.selection);
  useEditorPart((snapshot) => snapshot.shapes);
  const [open, setOpen] = useState(false);
  const shape = selection.length === 1 && selection[0] !== undefined ? editor.shape(selection[0]) : undefined;
  if (!shape || shape.annotation_id === null) return null;
  const locked = editor.isLocked(shape.id);
  return (
    <details
      className="max-h-1/2 shrink-0 overflow-y-auto border-t"
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="cursor-pointer px-3 py-2.5 text-xs font-semibold text-muted">{t('title')}</summary>
      {open ? (
        <>
          {locked ? <p className="px-3 pb-2 text-sm text-muted">{t('verified')}</p> : null}
          <Versions
            key={shape.annotation_id}
            annotationId={shape.annotation_id}
            version={shape.version}
            classes={classes}
            restorable={!locked && can(role, 'annotation.restore')}
          />
        </>
      ) : null}
    </details>
  );
}

function Versions({
  annotationId,
  version,
  classes,
  restorable,
}: {
  annotationId: number;
  version: number;
  classes: readonly LabelClass[];
  restorable: boolean;
}) {
  const t = useTranslations('shape_history');
  const ui = useTranslations('ui');
  const errorText = useErrorText();
  const editor = useEditor();
  const past = useTranslations('time_travel');
  const session = useSession();
  const list = useInfiniteQuery(versionsQuery(annotationId, version));
  const restore = useMutation({
    mutationFn: async (to: number) => {
      await session.outbox.flush();
      return api('annotations.restore', { params: { annotation_id: annotationId }, body: { version: to } });
    },
    onSuccess: ({ counts }) => {
      const { create = 0, update = 0 } = counts;
      const [obstacle] = RESTORE_OBSTACLES.filter((reason) => counts[reason]);
      if (create + update > 0) toast.success(past('done', { count: create + update }));
      else toast.info(obstacle ? past(`obstacles.${obstacle}`, { count: 1 }) : past('nothing_to_do'));
      const image_id = editor.image?.id;
      if (image_id !== undefined) void session.reload(image_id);
    },
    onError: (error) => {
      const { title, detail } = errorText(error);
      toast.error(title, { detail });
    },
  });
  useEffect(() => () => editor.showGhost(null), [editor]);
  if (list.isPending)
    return (
      <p role="status" className="px-3 pb-3 text-sm text-muted">
        {ui('loading')}
      </p>
    );
  if (list.isError)
    return (
      <div role="alert" className="flex flex-col items-start gap-2 px-3 pb-3 text-sm">
        {errorText(list.error).title}
        <Button size="sm" onClick={() => void list.refetch()}>
          {ui('retry')}
        </Button>
      </div>
    );
  const versions = list.data.pages.flatMap((page) => page.items);
  return (
    <>
      <ol aria-label={t('versions')} className="px-1 pb-2">
        {versions.map((item, n) => (
          <li key={item.version} className="flex items-start">
            <VersionRow item={item} earlier={versions[n + 1]} classes={classes} />
            {restorable && item.annotation && item.version !== version ? (
              <IconButton
                size="sm"
                label={past('bring_back_version', { version: item.version })}
                disabled={restore.isPending}
                onClick={() => restore.mutate(item.version)}
              >
                <RotateCcw aria-hidden />
              </IconButton>
            ) : null}
          </li>
        ))}
      </ol>
      {list.hasNextPage ? (
        <Button
          size="sm"
          className="mx-3 mb-3"
          busy={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {ui('more')}
        </Button>
      ) : null}
    </>
  );
}

function VersionRow({
  item,
  earlier,
  classes,
}: {
  item: AnnotationVersion;
  /** The version before, where it was read. */
  earlier: AnnotationVersion | undefined;
  classes: readonly LabelClass[];
}) {
  const t = useTranslations('shape_history');
  const none = useTranslations('workbench.shapes')('no_class');
  const format = useFormatter();
  const authorName = useAuthorName();
  const editor = useEditor();
  const geometry = (item.annotation ?? item.deleted)?.geometry ?? null;
  const show = () => editor.showGhost(geometry);
  const hide = () => editor.showGhost(null);
  return (
    <button
      type="button"
      data-version={item.version}
      className="flex min-w-0 flex-1 flex-col rounded-md px-2 py-1.5 text-left text-sm hover:bg-hover"
      onPointerEnter={show}
      onPointerLeave={hide}
      onFocus={show}
      onBlur={hide}
    >
      <span>
        <span className="font-medium">{t(`actions.${item.action}`)}</span>{' '}
        <span className="text-muted">{authorName({ user_id: item.changed_by, user: item.user })}</span>
      </span>
      <ChangeWords
        changes={tell(item.changes, earlier?.annotation?.geometry, item.annotation?.geometry)}
        nameOf={(class_id) => classes.find(({ id }) => id === class_id)?.name ?? none}
        className="line-clamp-2 text-xs wrap-anywhere"
      />
      <time dateTime={item.changed_at} className="tabular text-xs text-muted">
        {format.dateTime(new Date(item.changed_at), { dateStyle: 'medium', timeStyle: 'short' })}
      </time>
    </button>
  );
}
