'use client';

import type { Notification } from '@labelyard/contract';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Bell, CheckCheck } from 'lucide-react';
import Link from 'next/link';
import { useFormatter, useTranslations } from 'next-intl';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { queryKeys } from '@/query-keys';
import { Avatar } from '@/ui/avatar';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { ListSkeleton } from '@/ui/skeleton';
import { ErrorState } from '@/ui/states';
import { notificationPath, subjectOf } from './notification-link';

/** From here on the badge says "more". */
const MOST = 99;

/** The bell of the header: how much is unread, and what. Told of by the tab's line (own-news.tsx). */
export function Inbox() {
  const t = useTranslations('notifications');
  const [open, setOpen] = useState(false);
  const { data } = useQuery({
    queryKey: [...queryKeys.notifications, 'count'],
    queryFn: ({ signal }) => api('notifications.count', {}, { signal }),
    refetchOnWindowFocus: 'always',
  });
  const unread = data?.unread ?? 0;
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        aria-label={t('open', { count: unread })}
        className="relative inline-flex size-8.5 items-center justify-center rounded-md text-muted transition-colors hover:bg-hover hover:text-text data-[state=open]:bg-pressed"
      >
        <Bell aria-hidden className="size-4.5" />
        {unread > 0 ? (
          <span
            aria-hidden
            // Drawn, not written: the button's name says the number in words.
            data-count={unread > MOST ? `${MOST}+` : unread}
            className="tabular absolute -right-1 -top-0.5 flex h-4 min-w-4 items-center justify-center rounded-full bg-accent px-1 text-2xs font-semibold text-on-accent before:content-[attr(data-count)]"
          />
        ) : null}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label={t('title')}
          className="z-50 flex max-h-[min(34rem,80dvh)] w-[min(26rem,calc(100vw-1rem))] animate-appear flex-col overflow-hidden rounded-md bg-raised shadow-2"
        >
          <News close={() => setOpen(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function News({ close }: { close: () => void }) {
  const t = useTranslations('notifications');
  const ui = useTranslations('ui');
  const errorText = useErrorText();
  const queries = useQueryClient();
  const list = useInfiniteQuery({
    queryKey: [...queryKeys.notifications, 'list'],
    queryFn: ({ pageParam, signal }) =>
      api('notifications.list', { query: { cursor: pageParam, limit: 30 } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    staleTime: 0,
  });
  const read = useMutation({
    mutationFn: (body: { ids: number[] } | { until: number }) => api('notifications.read', { body }),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.notifications }),
  });
  const news = list.data?.pages.flatMap((page) => page.items) ?? [];
  const newest = news[0];
  return (
    <>
      <div className="flex items-center justify-between border-b px-4 py-2">
        <h2 className="font-semibold">{t('title')}</h2>
        {newest && news.some(({ read_at }) => read_at === null) ? (
          <Button
            size="sm"
            variant="ghost"
            icon={<CheckCheck aria-hidden />}
            busy={read.isPending}
            onClick={() => read.mutate({ until: newest.id })}
          >
            {t('read_all')}
          </Button>
        ) : null}
      </div>
      <div className="min-h-0 overflow-y-auto">
        {list.isPending ? (
          <div className="px-4 pb-4">
            <ListSkeleton />
          </div>
        ) : list.isError && !list.data ? (
          <ErrorState {...errorText(list.error)} onRetry={() => void list.refetch()} />
        ) : news.length === 0 ? (
          <p className="px-4 py-10 text-center text-sm text-muted">{t('none')}</p>
        ) : (
          <ul>
            {news.map((one) => (
              <li key={one.id}>
                <OneNews
                  news={one}
                  onOpen={() => {
                    if (one.read_at === null) read.mutate({ ids: [one.id] });
                    close();
                  }}
                />
              </li>
            ))}
          </ul>
        )}
        {list.hasNextPage ? (
          <div className="flex justify-center p-3">
            <Button size="sm" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {ui('more')}
            </Button>
          </div>
        ) : null}
      </div>
    </>
  );
}

function OneNews({ news, onOpen }: { news: Notification; onOpen: () => void }) {
  const t = useTranslations('notifications');
  const format = useFormatter();
  const person = news.actor?.full_name || news.actor?.email || t('somebody');
  const about = subjectOf(news);
  return (
    <Link
      href={notificationPath(news)}
      prefetch={false}
      onClick={onOpen}
      className="flex gap-3 border-b px-4 py-2.5 text-sm hover:bg-hover"
    >
      <Avatar name={person} color={news.actor?.badge_color} />
      <span className="min-w-0 flex-1">
        <span className={classNames('block', news.read_at === null && 'font-medium')}>
          {t(`kinds.${news.kind}`, { person, about })}
        </span>
        {news.excerpt && news.excerpt !== news.task_name ? (
          <span className="block truncate text-muted">{news.excerpt}</span>
        ) : null}
        <span className="block truncate text-xs text-faint">
          {news.dataset_name} · {format.dateTime(new Date(news.created_at), { dateStyle: 'short', timeStyle: 'short' })}
        </span>
      </span>
      {news.read_at === null ? (
        <span className="mt-1.5 size-2 shrink-0 rounded-full bg-accent">
          <span className="sr-only">{t('unread')}</span>
        </span>
      ) : null}
    </Link>
  );
}
