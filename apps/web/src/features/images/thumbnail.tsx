'use client';

import type { ProjectImage } from '@labelyard/contract';
import { useQuery } from '@tanstack/react-query';
import { ImageOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api } from '@/api';
import { queryKeys } from '@/query-keys';
import { classNames } from '@/ui/class-names';

/** How long to wait before asking again for a thumbnail that is being made: 2 s, then twice as long each time, to 30 s. */
function nextAsk(asked: number): number {
  return Math.min(30_000, 2_000 * 2 ** asked);
}

/**
 * A thumbnail in its place. Not made yet: asks for it now and then while it is on screen. Link run out: fetches a new one,
 * once. Cannot be shown: says so.
 */
export function Thumbnail({
  projectId,
  image,
  className,
}: {
  projectId: number;
  image: ProjectImage;
  className?: string;
}) {
  const t = useTranslations('images');
  const [expired, setExpired] = useState(false);
  const [broken, setBroken] = useState(false);
  const [loaded, setLoaded] = useState(false);
  const missing = image.thumbnail_url === null;
  const fresh = useQuery({
    queryKey: queryKeys.image(projectId, image.id),
    queryFn: ({ signal }) => api('images.get', { params: { project_id: projectId, image_id: image.id } }, { signal }),
    enabled: missing || expired,
    refetchInterval: ({ state }) => (missing && !state.data?.thumbnail_url ? nextAsk(state.dataUpdateCount) : false),
  });
  const url = missing || expired ? fresh.data?.thumbnail_url : image.thumbnail_url;

  return (
    <div className={classNames('photo-bed relative overflow-hidden', className)}>
      {broken ? (
        <span className="absolute inset-0 flex flex-col items-center justify-center gap-1 bg-sunken text-xs text-faint">
          <ImageOff aria-hidden className="size-5" />
          {t('thumbnail_broken')}
        </span>
      ) : url ? (
        <img
          // What the server drew may have arrived before this script: nobody tells of it any more.
          ref={(element) => {
            if (element?.complete && element.naturalWidth > 0) setLoaded(true);
          }}
          src={url}
          alt=""
          decoding="async"
          draggable={false}
          onLoad={() => setLoaded(true)}
          onError={() => (expired || missing ? setBroken(true) : setExpired(true))}
          className={classNames(
            'size-full object-cover transition-opacity duration-200',
            loaded ? 'opacity-100' : 'opacity-0',
          )}
        />
      ) : (
        <span className="absolute inset-x-0 bottom-2 text-center text-xs text-faint">{t('thumbnail_pending')}</span>
      )}
    </div>
  );
}
