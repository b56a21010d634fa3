'use client';

import type { AuditEntry } from '@labelyard/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Download, RotateCw, ScrollText, X } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { useErrorText } from '@/error-text';
import { useAuthorName } from './author';
import { auditFileUrl, auditQuery, type AuditFilter } from './history-queries';
import { PERIODS, periodStart, type Period } from './period';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { Select } from '@/ui/select';
import { ListSkeleton } from '@/ui/skeleton';
import { EmptyState, ErrorState } from '@/ui/states';
import { Cell, HeadCell, Table } from '@/ui/table';

const ANY = 'any';
/** Begins of the actions' names; a begin finds the refused calls too, which are named like endpoints. */
const AREAS = [
  'dataset',
  'class',
  'image',
  'upload',
  'export',
  'import',
  'member',
  'invitation',
  'task',
  'lock',
  'token',
  'audit',
] as const;
const EVERYWHERE = ['auth', 'accounts'] as const;
type Area = (typeof AREAS)[number] | (typeof EVERYWHERE)[number];

/** A cell on a narrow screen: a part of its entry's block. */
const BLOCK = 'max-md:block max-md:border-0 max-md:p-0';

/** Who did, or was refused, what: of one project, or with null of the whole installation. */
export function AuditLog({ projectId }: { projectId: number | null }) {
  const t = useTranslations('audit');
  const errorText = useErrorText();
  const [filter, setFilter] = useState<AuditFilter>({});
  const [period, setPeriod] = useState<Period>('any');
  const [actor, setActor] = useState<string | null>(null);
  const list = useInfiniteQuery(auditQuery(projectId, filter));
  const entries = list.data?.pages.flatMap((page) => page.items) ?? [];
  const areas: readonly Area[] = projectId === null ? [...EVERYWHERE, ...AREAS] : AREAS;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <Select<Area | typeof ANY>
          label={t('filter.area')}
          value={(filter.action as Area | undefined) ?? ANY}
          onChange={(value) => setFilter({ ...filter, action: value === ANY ? undefined : value })}
          options={[
            { value: ANY, label: t('filter.all_areas') },
            ...areas.map((area) => ({ value: area, label: t(`areas.${area}`) })),
          ]}
        />
        <Select<'done' | 'denied' | typeof ANY>
          label={t('filter.outcome')}
          value={filter.outcome ?? ANY}
          onChange={(value) => setFilter({ ...filter, outcome: value === ANY ? undefined : value })}
          options={[
            { value: ANY, label: t('filter.all_outcomes') },
            { value: 'done', label: t('outcomes.done') },
            { value: 'denied', label: t('outcomes.denied') },
          ]}
        />
        <Select<Period>
          label={t('filter.period')}
          value={period}
          onChange={(value) => {
            setPeriod(value);
            setFilter({ ...filter, since: periodStart(value, Date.now()) });
          }}
          options={(Object.keys(PERIODS) as Period[]).map((value) => ({ value, label: t(`periods.${value}`) }))}
        />
        {actor === null ? null : (
          <Button
            icon={<X aria-hidden />}
            onClick={() => {
              setActor(null);
              setFilter({ ...filter, actor_id: undefined });
            }}
          >
            {t('filter.only', { name: actor })}
          </Button>
        )}
        <span className="ml-auto flex flex-wrap gap-2">
          <Button
            size="sm"
            icon={<RotateCw aria-hidden />}
            busy={list.isRefetching && !list.isFetchingNextPage}
            onClick={() => void list.refetch()}
          >
            {t('refresh')}
          </Button>
          {(['csv', 'jsonl'] as const).map((format) => (
            <Button key={format} asChild size="sm">
              <a href={auditFileUrl(projectId, filter, format)} download>
                <Download aria-hidden />
                {t(`download.${format}`)}
              </a>
            </Button>
          ))}
        </span>
      </div>
      {list.isPending ? (
        <ListSkeleton />
      ) : list.isError && entries.length === 0 ? (
        <ErrorState {...errorText(list.error)} onRetry={() => void list.refetch()} />
      ) : entries.length === 0 ? (
        <EmptyState icon={<ScrollText aria-hidden />} title={t('none')} />
      ) : (
        // Columns that do not depend on what comes in: nothing jumps when a newer entry has longer details. On narrow screens an
        // entry is a block of its own: four columns beside each other would not be seen together.
        <Table caption={t('caption')} className="max-md:block md:min-w-180 md:table-fixed">
          <thead className="max-md:sr-only">
            <tr>
              <HeadCell className="w-44">{t('when')}</HeadCell>
              <HeadCell className="w-48">{t('who')}</HeadCell>
              <HeadCell className="w-64">{t('what')}</HeadCell>
              <HeadCell>{t('details')}</HeadCell>
            </tr>
          </thead>
          <tbody className="max-md:block">
            {entries.map((entry) => (
              <AuditRow
                key={entry.id}
                entry={entry}
                onActor={(id, name) => {
                  setActor(name);
                  setFilter({ ...filter, actor_id: id });
                }}
              />
            ))}
          </tbody>
        </Table>
      )}
      {list.hasNextPage ? (
        <Button className="self-center" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('more')}
        </Button>
      ) : null}
    </div>
  );
}

function AuditRow({ entry, onActor }: { entry: AuditEntry; onActor: (id: string, name: string) => void }) {
  const t = useTranslations('audit');
  const format = useFormatter();
  const authorName = useAuthorName();
  const { actor_id, actor } = entry;
  const email = typeof entry.details.email === 'string' ? entry.details.email : null;
  const name =
    actor_id === null && entry.actor_kind === 'user'
      ? (email ?? t('nobody'))
      : authorName({ user_id: actor_id, user: actor });
  const at = new Date(entry.happened_at);
  const details = Object.entries(entry.details).filter(([, value]) => value !== null && value !== '');
  return (
    <tr className="max-md:flex max-md:flex-wrap max-md:items-baseline max-md:gap-x-3 max-md:gap-y-1 max-md:border-b max-md:py-3">
      <Cell className={classNames(BLOCK, 'whitespace-nowrap align-top')}>
        <time dateTime={entry.happened_at} className="tabular text-sm text-muted">
          {format.dateTime(at, { dateStyle: 'short', timeStyle: 'medium' })}
        </time>
      </Cell>
      <Cell className={classNames(BLOCK, 'align-top wrap-anywhere')}>
        {actor_id === null ? (
          name
        ) : (
          <button
            type="button"
            title={t('filter.only', { name })}
            className="rounded-sm text-left hover:underline"
            onClick={() => onActor(actor_id, name)}
          >
            {name}
          </button>
        )}
        {entry.actor_kind === 'service_token' ? <Badge className="ml-1.5">{t('program')}</Badge> : null}
      </Cell>
      <Cell className={classNames(BLOCK, 'align-top max-md:w-full')}>
        <span className="flex flex-wrap items-center gap-1.5">
          <code className="text-sm">{entry.action}</code>
          {entry.outcome === 'denied' ? <Badge tone="danger">{t('outcomes.denied')}</Badge> : null}
        </span>
        {entry.subject_type ? (
          <span className="tabular block text-xs text-muted">
            {entry.subject_type} {entry.subject_id}
          </span>
        ) : null}
      </Cell>
      <Cell className={classNames(BLOCK, 'align-top text-sm text-muted max-md:w-full')}>
        <ul className="max-w-md">
          {details.map(([key, value]) => (
            <li key={key} className="line-clamp-2 wrap-anywhere">
              <span className="text-muted">{key}</span>{' '}
              <span className="text-text">{typeof value === 'string' ? value : JSON.stringify(value)}</span>
            </li>
          ))}
        </ul>
      </Cell>
    </tr>
  );
}
