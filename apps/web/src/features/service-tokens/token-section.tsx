'use client';

import type { ServiceToken } from '@labelyard/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { useErrorText } from '@/error-text';
import { Badge, type BadgeTone } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { ListSkeleton } from '@/ui/skeleton';
import { EmptyState, ErrorState } from '@/ui/states';
import { CreateTokenDialog } from './create-token-dialog';
import { EndTokenDialog } from './end-token-dialog';
import { RotateTokenDialog } from './rotate-token-dialog';
import { tokensQuery } from './token-queries';

const TONES: Record<ServiceToken['status'], BadgeTone> = { active: 'success', expired: 'warning', revoked: 'neutral' };
type Open = { kind: 'create' } | { kind: 'rotate' | 'revoke'; token: ServiceToken };

/** Tokens of programs: of one project, or with null of the whole installation. */
export function TokenSection({ projectId }: { projectId: number | null }) {
  const t = useTranslations('service_tokens');
  const errorText = useErrorText();
  const list = useInfiniteQuery(tokensQuery(projectId));
  const [open, setOpen] = useState<Open | null>(null);
  const tokens = list.data?.pages.flatMap((page) => page.items) ?? [];
  const close = () => setOpen(null);
  return (
    <Section
      title={t('title')}
      description={t(projectId === null ? 'explain_all' : 'explain')}
      action={
        <Button icon={<KeyRound aria-hidden />} onClick={() => setOpen({ kind: 'create' })}>
          {t('create')}
        </Button>
      }
    >
      {list.isPending ? (
        <ListSkeleton />
      ) : list.isError && tokens.length === 0 ? (
        <ErrorState {...errorText(list.error)} onRetry={() => void list.refetch()} />
      ) : tokens.length === 0 ? (
        <EmptyState className="py-6" icon={<KeyRound aria-hidden />} title={t('empty.title')}>
          {t('empty.text')}
        </EmptyState>
      ) : (
        <ul aria-label={t('title')} className="divide-y">
          {tokens.map((token) => (
            <TokenRow key={token.id} token={token} onOpen={(kind) => setOpen({ kind, token })} />
          ))}
        </ul>
      )}
      {list.hasNextPage ? (
        <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('more')}
        </Button>
      ) : null}
      {open?.kind === 'create' ? <CreateTokenDialog projectId={projectId} onClose={close} /> : null}
      {open?.kind === 'rotate' ? <RotateTokenDialog projectId={projectId} token={open.token} onClose={close} /> : null}
      {open?.kind === 'revoke' ? <EndTokenDialog projectId={projectId} token={open.token} onClose={close} /> : null}
    </Section>
  );
}

function TokenRow({ token, onOpen }: { token: ServiceToken; onOpen: (kind: 'rotate' | 'revoke') => void }) {
  const t = useTranslations('service_tokens');
  const format = useFormatter();
  const date = (time: string) => format.dateTime(new Date(time), { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <li className="flex flex-wrap items-start justify-between gap-3 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2">
          <b className="font-medium wrap-anywhere">{token.name}</b>
          <Badge tone={TONES[token.status]}>{t(`status.${token.status}`)}</Badge>
          <code className="text-xs text-muted">{`ly_…${token.secret_hint}`}</code>
          {token.project_name ? <span className="text-sm text-muted">{token.project_name}</span> : null}
        </p>
        <p className="mt-1 flex flex-wrap gap-1">
          {token.scopes.map((scope) => (
            <Badge key={scope}>{scope}</Badge>
          ))}
        </p>
        <p className="mt-1 text-sm text-muted">
          {[
            token.revoked_at === null
              ? t('expires', { date: date(token.expires_at) })
              : t('revoked_at', { date: date(token.revoked_at) }),
            token.last_used_at === null ? t('never_used') : t('last_used', { date: date(token.last_used_at) }),
            t('made_by', { name: token.creator?.full_name || token.creator?.email || token.created_by }),
            ...(token.previous_until === null ? [] : [t('overlap_until', { date: date(token.previous_until) })]),
          ].join(' · ')}
        </p>
      </div>
      {token.status === 'revoked' ? null : (
        <span className="flex gap-2">
          {token.status === 'active' ? (
            <Button size="sm" aria-label={t('rotate_named', { name: token.name })} onClick={() => onOpen('rotate')}>
              {t('rotate')}
            </Button>
          ) : null}
          <Button
            size="sm"
            variant="danger"
            aria-label={t('revoke_named', { name: token.name })}
            onClick={() => onOpen('revoke')}
          >
            {t('revoke')}
          </Button>
        </span>
      )}
    </li>
  );
}
