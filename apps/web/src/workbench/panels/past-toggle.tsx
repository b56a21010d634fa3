'use client';

import type { Dataset, LabelClass, ProjectImage } from '@labelyard/contract';
import { History } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ImagePast } from '@/features/history/image-past';
import { IconButton } from '@/ui/icon-button';
import { useSession } from '../session/use-session';

/** Opens the image's past; what is on its way is saved first, so that the past is complete. */
export function PastToggle({
  dataset,
  image,
  classes,
}: {
  dataset: Dataset;
  image: ProjectImage | null;
  classes: readonly LabelClass[];
}) {
  const t = useTranslations('time_travel');
  const session = useSession();
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton
        label={t('open')}
        disabled={!image}
        onClick={() => void session.outbox.flush().then(() => setOpen(true))}
      >
        <History aria-hidden />
      </IconButton>
      {open && image ? (
        <ImagePast
          key={image.id}
          dataset={dataset}
          image={image}
          classes={classes}
          onOpenChange={setOpen}
          onRestored={() => void session.reload(image.id)}
        />
      ) : null}
    </>
  );
}
