'use client';

import { useLiveQueries } from './use-live-queries';

/** For pages made by the server: keeps what they show of a project true. */
export function LiveProject({ projectId, datasetId }: { projectId: number; datasetId: number }) {
  useLiveQueries(projectId, datasetId);
  return null;
}
