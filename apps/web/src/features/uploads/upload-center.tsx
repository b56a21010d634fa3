'use client';

import type { Dataset } from '@labelyard/contract';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { api } from '@/api';
import { queryKeys } from '@/query-keys';
import { readAnew } from '@/read-anew';
import { onSignIn } from '@/sign-in-news';
import { useAskBeforeLeaving } from '@/use-ask-before-leaving';
import { browserTools } from './browser-tools';
import { UploadDialog } from './upload-dialog';
import { UploadDock } from './upload-dock';
import { UploadHub, type UploadTarget } from './upload-hub';
import type { RunSnapshot } from './upload-snapshot';
import type { StoredRun } from './upload-store';

interface Center {
  readonly hub: UploadHub;
  readonly max_bytes: number;
  readonly openDialog: (target: UploadTarget) => void;
}

const CenterContext = createContext<Center | null>(null);
const NONE: readonly RunSnapshot[] = [];
/** New images show up in open pages at most this often. */
const REFRESH_EVERY_MS = 3_000;

/** Holds the uploads of this tab above all pages, so that they go on while people move about. */
export function UploadCenter({ maxBytes, children }: { maxBytes: number; children: ReactNode }) {
  const queries = useQueryClient();
  const [hub] = useState(() => new UploadHub(browserTools(refresher(queries))));
  const [target, setTarget] = useState<UploadTarget>();
  const uploads = useSyncExternalStore(hub.subscribe, hub.snapshots, () => NONE);
  const active = uploads.some(({ phase }) => phase === 'running' || phase === 'paused');

  useAskBeforeLeaving(active);

  return (
    <CenterContext value={{ hub, max_bytes: maxBytes, openDialog: setTarget }}>
      {children}
      {target ? (
        <UploadDialog
          key={target.dataset_id}
          target={target}
          upload={uploads.find(({ run }) => run.dataset_id === target.dataset_id)}
          hub={hub}
          maxBytes={maxBytes}
          onClose={() => setTarget(undefined)}
        />
      ) : (
        <UploadDock uploads={uploads} hub={hub} onOpen={setTarget} />
      )}
    </CenterContext>
  );
}

function useCenter(): Center {
  const center = use(CenterContext);
  if (!center) throw new Error('UploadCenter is not mounted above this component');
  return center;
}

/** Opens the upload dialog of a dataset. */
export function useUploadDialog(): (dataset: Dataset) => void {
  const { openDialog } = useCenter();
  return (dataset) => openDialog(uploadTarget(dataset));
}

/** The uploads, for parts of a page that take files themselves. */
export function useUploads(): Pick<Center, 'hub' | 'max_bytes' | 'openDialog'> {
  return useCenter();
}

export function uploadTarget({ id, project_id, name }: Dataset): UploadTarget {
  return { dataset_id: id, project_id, name };
}

/** Mounted where somebody is signed in: brings their unfinished uploads back. */
export function UploadRestorer({ userId }: { userId: string }) {
  const { hub } = useCenter();
  useEffect(() => {
    void hub.open(userId);
    // In another tab, perhaps as somebody else: then nothing of this person is sent on.
    return onSignIn(() => {
      api('auth.me', {}).then(
        ({ id }) => hub.open(id),
        () => undefined,
      );
    });
  }, [hub, userId]);
  return null;
}

/** Marks what new images change as out of date, now and then. */
function refresher(queries: QueryClient): (run: StoredRun) => void {
  const planned = new Set<number>();
  return ({ dataset_id, project_id }) => {
    if (planned.has(dataset_id)) return;
    planned.add(dataset_id);
    setTimeout(() => {
      planned.delete(dataset_id);
      for (const queryKey of [queryKeys.dataset(dataset_id), queryKeys.project(project_id), queryKeys.datasets()])
        void readAnew(queries, { queryKey });
    }, REFRESH_EVERY_MS);
  };
}
