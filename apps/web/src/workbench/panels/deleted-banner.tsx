'use client';

import type { Dataset, DeletedImage } from '@labelyard/contract';
import { can } from '@labelyard/domain';
import { Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRestore } from '@/features/deletion/use-restore';
import { Button } from '@/ui/button';
import { ImageBanner } from './image-banner';

/** The open image was deleted: by whom, what becomes of edits that wait here, and for those who may the way back. */
export function DeletedBanner({
  dataset,
  imageId,
  deleted,
  unsaved,
}: {
  dataset: Dataset;
  imageId: number;
  /** Null until it is known who did it. */
  deleted: DeletedImage | null;
  /** Edits that wait here. */
  unsaved: number;
}) {
  const t = useTranslations('deletion');
  const restore = useRestore(dataset.project_id);
  const name = deleted?.user?.full_name;
  return (
    <ImageBanner
      role="alert"
      testId="deleted-banner"
      icon={<Trash2 aria-hidden className="size-4 shrink-0 text-danger" />}
      title={name ? t('banner', { name }) : t('banner_plain')}
      detail={t('banner_kept', { count: unsaved })}
      action={
        can(dataset.role, 'image.delete') ? (
          <Button size="sm" busy={restore.isPending} onClick={() => restore.mutate({ image_ids: [imageId] })}>
            {t('restore')}
          </Button>
        ) : null
      }
    />
  );
}
