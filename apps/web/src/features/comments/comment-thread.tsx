'use client';

import type { Comment, CommentThread } from '@labelyard/contract';
import { can, type Role } from '@labelyard/domain';
import { Check, CircleX, MoreHorizontal, Pencil, RotateCcw, Trash2 } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState, useSyncExternalStore, type ReactNode } from 'react';
import { Avatar } from '@/ui/avatar';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { IconButton } from '@/ui/icon-button';
import { Menu, MenuItem } from '@/ui/menu';
import { CommentComposer } from './comment-composer';
import { commentDrafts, type DraftPlace } from './comment-drafts';
import { markMentions, mentionable } from './mentions';
import { useCommentActions } from './use-comment-actions';

/** A thread: what was said first, the answers, and a way to answer and to close it. */
export function Thread({
  projectId,
  thread,
  me,
  role,
  context,
}: {
  projectId: number;
  thread: CommentThread;
  me: string;
  role: Role;
  /** Where it is pinned. */
  context?: ReactNode;
}) {
  const t = useTranslations('comments');
  const draft: DraftPlace = { user_id: me, kind: 'answer', id: thread.id };
  const begun = useBegun(draft);
  const [opened, setAnswering] = useState<boolean | null>(null);
  const answering = opened ?? begun;
  const { create, resolve } = useCommentActions(projectId);
  const may = can(role, 'comment.create');
  const resolved = thread.resolved_at !== null;
  return (
    <article aria-label={t('thread', { name: nameOf(thread, t('unknown_person')) })} className="flex flex-col gap-2.5">
      <div className="flex flex-wrap items-center gap-1.5">
        {thread.kind === 'rejection' ? (
          <Badge tone={resolved ? 'neutral' : 'danger'} icon={<CircleX aria-hidden />}>
            {t('rejection')}
          </Badge>
        ) : null}
        {resolved ? (
          <Badge tone="success" icon={<Check aria-hidden />}>
            {t('resolved')}
          </Badge>
        ) : null}
        {context}
        {thread.annotation_deleted ? <Badge>{t('label_deleted')}</Badge> : null}
      </div>
      {[thread, ...thread.replies].map((comment) => (
        <OneComment key={comment.id} projectId={projectId} comment={comment} me={me} role={role} />
      ))}
      {answering ? (
        <CommentComposer
          projectId={projectId}
          draft={draft}
          label={t('answer')}
          submit={t('send')}
          autoFocus={opened === true}
          busy={create.isPending}
          onCancel={() => setAnswering(false)}
          onSent={() => setAnswering(false)}
          onSubmit={(body, mentions) =>
            create.mutateAsync({ image_id: thread.image_id, parent_id: thread.id, body, mentions })
          }
        />
      ) : may ? (
        <div className="flex gap-1.5">
          <Button size="sm" onClick={() => setAnswering(true)}>
            {t('answer')}
          </Button>
          <Button
            size="sm"
            variant="ghost"
            busy={resolve.isPending}
            icon={resolved ? <RotateCcw aria-hidden /> : <Check aria-hidden />}
            onClick={() => resolve.mutate({ id: thread.id, resolved: !resolved })}
          >
            {t(resolved ? 'reopen' : 'resolve')}
          </Button>
        </div>
      ) : null}
    </article>
  );
}

const never = () => () => undefined;

/** Whether something was begun here and left: it is shown again. */
function useBegun(draft: DraftPlace): boolean {
  return useSyncExternalStore(
    never,
    () => commentDrafts.read(draft) !== null,
    () => false,
  );
}

function nameOf({ author }: Comment, unknown: string): string {
  return author?.full_name || author?.email || unknown;
}

function OneComment({ projectId, comment, me, role }: { projectId: number; comment: Comment; me: string; role: Role }) {
  const t = useTranslations('comments');
  const ui = useTranslations('ui');
  const format = useFormatter();
  const { edit, remove } = useCommentActions(projectId);
  const draft: DraftPlace = { user_id: me, kind: 'edit', id: comment.id };
  const begun = useBegun(draft);
  const [opened, setEditing] = useState<boolean | null>(null);
  const name = nameOf(comment, t('unknown_person'));
  const own = comment.author_id === me && can(role, 'comment.create');
  const mayDelete = own || can(role, 'comment.moderate');
  const mentions = comment.mentioned.map(mentionable);
  if (own && (opened ?? begun))
    return (
      <CommentComposer
        projectId={projectId}
        draft={draft}
        label={t('edit')}
        submit={ui('save')}
        initial={comment.body}
        mentions={mentions}
        autoFocus={opened === true}
        busy={edit.isPending}
        onCancel={() => setEditing(false)}
        onSent={() => setEditing(false)}
        onSubmit={(body, mentioned) => edit.mutateAsync({ id: comment.id, body, mentions: mentioned })}
      />
    );
  return (
    <div className="flex gap-2.5">
      <Avatar name={name} color={comment.author?.badge_color} className="size-6" />
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline gap-2 text-xs text-muted">
          <span className="truncate text-sm font-medium text-text">{name}</span>
          <time dateTime={comment.created_at} className="shrink-0">
            {format.dateTime(new Date(comment.created_at), { dateStyle: 'short', timeStyle: 'short' })}
          </time>
          {comment.edited_at ? <span>{t('edited')}</span> : null}
        </p>
        {comment.deleted_at ? (
          <p className="text-sm italic text-faint">{t('deleted')}</p>
        ) : (
          <p className="whitespace-pre-wrap break-words text-sm">
            {markMentions(
              comment.body,
              mentions.map((person) => person.name),
            ).map((piece, index) =>
              piece.mention ? (
                <strong key={index} className="font-medium text-accent-text">
                  {piece.text}
                </strong>
              ) : (
                piece.text
              ),
            )}
          </p>
        )}
      </div>
      {comment.deleted_at === null && mayDelete ? (
        <Menu
          trigger={
            <IconButton size="sm" label={t('more', { name })}>
              <MoreHorizontal aria-hidden />
            </IconButton>
          }
        >
          {own ? (
            <MenuItem icon={<Pencil aria-hidden />} onSelect={() => setEditing(true)}>
              {ui('edit')}
            </MenuItem>
          ) : null}
          <MenuItem danger icon={<Trash2 aria-hidden />} onSelect={() => remove.mutate(comment.id)}>
            {ui('delete')}
          </MenuItem>
        </Menu>
      ) : null}
    </div>
  );
}
