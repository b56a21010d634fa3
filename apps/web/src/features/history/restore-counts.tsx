'use client';

import type { LabelClass, RestorePreview } from '@labelyard/contract';
import { RESTORE_KINDS, RESTORE_OBSTACLES } from '@labelyard/domain';
import { useTranslations } from 'next-intl';
import { Badge } from '@/ui/badge';
import { useAuthorName } from './author';

/** What a restore would do, per kind and class; what is in its way; whose work it is about. */
export function RestoreCounts({
  preview,
  classes,
}: {
  preview: RestorePreview;
  classes: readonly Pick<LabelClass, 'id' | 'name'>[];
}) {
  const t = useTranslations('time_travel');
  const authorName = useAuthorName();
  const moves = preview.counts.filter(({ obstacle }) => obstacle === null);
  const nameOf = (class_id: number | null) => classes.find(({ id }) => id === class_id)?.name ?? t('no_class');
  const sum = (rows: RestorePreview['counts']) => rows.reduce((total, { count }) => total + count, 0);
  return (
    <div className="flex flex-col gap-2 text-sm">
      {moves.length === 0 ? <p className="text-muted">{t('nothing_to_do')}</p> : null}
      {RESTORE_KINDS.map((kind) => {
        const rows = moves.filter((row) => row.kind === kind);
        if (rows.length === 0) return null;
        return (
          <p key={kind} className="flex flex-wrap items-center gap-1" data-restore={kind}>
            <b className="mr-1 font-medium">{t(`kinds.${kind}`, { count: sum(rows) })}</b>
            {rows.map((row) => (
              <Badge key={`${row.class_id} ${row.task_type} ${row.annotation_type}`}>
                {t('count_of', { name: nameOf(row.class_id), count: row.count })}
              </Badge>
            ))}
          </p>
        );
      })}
      {RESTORE_OBSTACLES.map((obstacle) => {
        const rows = preview.counts.filter((row) => row.obstacle === obstacle);
        if (rows.length === 0) return null;
        return (
          <p key={obstacle} className="text-warning">
            {t(`obstacles.${obstacle}`, { count: sum(rows) })}
          </p>
        );
      })}
      {preview.truncated ? <p className="text-muted">{t('truncated')}</p> : null}
      {preview.editors.length > 0 ? (
        <p className="text-muted">
          {t(preview.selection.kind === 'person' ? 'others_since' : 'undoes_work_of')}{' '}
          {preview.editors.map((editor) => t('count_of', { name: authorName(editor), count: editor.count })).join(', ')}
        </p>
      ) : null}
    </div>
  );
}
