'use client';

import { whenPageIsHydrated } from './page-hydration';
import { useLiveQueries } from './use-live-queries';

/** For pages made by the server: keeps what they show of a project true. */
export function LiveProject({ projectId, datasetId }: { projectId: number; datasetId: number }) {
  useLiveQueries(projectId, datasetId, whenPageIsHydrated);
  return null;
}
