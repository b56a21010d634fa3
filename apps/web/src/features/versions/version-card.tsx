'use client';

import type { Version } from '@labelyard/contract';
import { can, SPLITS, type Role } from '@labelyard/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Download, GitCompareArrows, PackageOpen, RotateCcw, Trash2 } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import Link from 'next/link';
import { useState } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { useFileSize } from '@/features/datasets/file-size';
import { useAuthorName } from '@/features/history/author';
import { JobFailure } from '@/job-failure';
import { queryKeys } from '@/query-keys';
import { Badge, type BadgeTone } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { CopyButton } from '@/ui/copy-button';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { Progress } from '@/ui/progress';
import { toast } from '@/ui/toast-store';
import { isBeingMade } from './version-queries';

const TONES: Readonly<Record<Version['status'], BadgeTone>> = {
  queued: 'neutral',
  building: 'info',
  published: 'success',
  failed: 'danger',
  deleted: 'neutral',
};

/** One version: how far it is, what it holds, and what can be done with it. */
export function VersionCard({
  version,
  dataset_id,
  role,
  onCompare,
  onRestore,
}: {
  version: Version;
  dataset_id: number;
  role: Role;
  onCompare: () => void;
  onRestore: () => void;
}) {
  const t = useTranslations('versions');
  const splits = useTranslations('splits');
  const format = useFormatter();
  const fileSize = useFileSize();
  const authorName = useAuthorName();
  const [deleting, setDeleting] = useState(false);
  const { number, status, manifest, sha256, size_bytes, error, note } = version;
  const counts = manifest?.counts;
  const at = new Date(version.published_at ?? version.created_at);
  return (
    <Card>
      <article aria-label={t('name', { number })} className="flex flex-col gap-3 p-4 sm:p-5" data-version={number}>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h2 className="font-semibold">{t('name', { number })}</h2>
          <Badge tone={TONES[status]}>{t(`status.${status}`)}</Badge>
          {version.is_latest ? <Badge tone="info">{t('latest')}</Badge> : null}
          <span className="ml-auto text-sm text-muted">
            {authorName({ user_id: version.created_by, user: version.user })} ·{' '}
            <time dateTime={at.toISOString()} className="tabular">
              {format.dateTime(at, { dateStyle: 'medium', timeStyle: 'short' })}
            </time>
          </span>
        </div>
        {note ? <p className="whitespace-pre-line wrap-anywhere">{note}</p> : null}
        {isBeingMade(version) ? (
          <div role="status">
            <Progress label={t('progress')} value={status === 'queued' ? null : version.progress} />
          </div>
        ) : null}
        {status === 'failed' && error ? (
          <p className="text-sm text-danger">
            <JobFailure error={error} />
          </p>
        ) : null}
        {counts && status === 'published' ? (
          <>
            <p className="flex flex-wrap gap-1 text-sm">
              <Badge>{t('images', { count: counts.images })}</Badge>
              <Badge>{t('annotations', { count: counts.annotations })}</Badge>
              {SPLITS.filter((split) => counts.by_split[split]).map((split) => (
                <Badge key={split}>{t('count_of', { name: splits(split), count: counts.by_split[split] ?? 0 })}</Badge>
              ))}
            </p>
            <details className="text-sm">
              <summary className="cursor-pointer text-muted">{t('manifest')}</summary>
              <dl className="mt-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
                {counts.by_class.map(({ class_id, name, annotations }) => (
                  <div key={class_id} className="contents">
                    <dt className="wrap-anywhere">{name}</dt>
                    <dd className="tabular">{format.number(annotations)}</dd>
                  </div>
                ))}
                <dt className="text-muted">{t('digest')}</dt>
                <dd className="flex min-w-0 items-center gap-2">
                  <code className="min-w-0 text-xs wrap-anywhere">{sha256}</code>
                  <CopyButton text={sha256 ?? ''} label={t('copy_digest')} />
                </dd>
              </dl>
            </details>
            <div className="flex flex-wrap gap-2">
              <Button asChild size="sm">
                <a href={version.download_url ?? ''} download>
                  <Download aria-hidden />
                  {t('download', { size: fileSize(size_bytes ?? 0) })}
                </a>
              </Button>
              {can(role, 'export.create') ? (
                <Button asChild size="sm">
                  <Link href={`/datasets/${dataset_id}/exports?version=${version.id}`}>
                    <PackageOpen aria-hidden />
                    {t('export')}
                  </Link>
                </Button>
              ) : null}
              <Button size="sm" icon={<GitCompareArrows aria-hidden />} onClick={onCompare}>
                {t('compare')}
              </Button>
              {can(role, 'version.restore') ? (
                <Button size="sm" icon={<RotateCcw aria-hidden />} onClick={onRestore}>
                  {t('restore')}
                </Button>
              ) : null}
              {can(role, 'version.delete') ? (
                <Button size="sm" variant="ghost" icon={<Trash2 aria-hidden />} onClick={() => setDeleting(true)}>
                  {t('delete')}
                </Button>
              ) : null}
            </div>
          </>
        ) : null}
      </article>
      {deleting ? <DeleteDialog version={version} onClose={() => setDeleting(false)} /> : null}
    </Card>
  );
}

function DeleteDialog({ version: { id, project_id, number }, onClose }: { version: Version; onClose: () => void }) {
  const t = useTranslations('versions');
  const errorText = useErrorText();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api('versions.delete', { params: { version_id: id } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: queryKeys.published(project_id) });
      onClose();
    },
    onError: (error) => void toast.error(errorText(error).title),
  });
  return (
    <ConfirmDialog
      title={t('delete_title', { number })}
      confirm={t('delete')}
      busy={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p className="text-sm">{t('delete_text')}</p>
    </ConfirmDialog>
  );
}
