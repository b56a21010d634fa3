import 'server-only';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { cache } from 'react';
import { leavePage, serverApi } from '@/server-api';

/** The dataset of the page's address, asked for once per request however many parts of the page need it. */
export const loadDataset = cache(async (id: string) => {
  const datasetId = Number(id);
  if (!Number.isSafeInteger(datasetId) || datasetId < 1) notFound();
  const api = await serverApi();
  return api('datasets.get', { params: { dataset_id: datasetId } }).catch(leavePage);
});

/** Title of one of a dataset's pages; the layout adds the dataset's name. */
export async function tabTitle(
  tab: 'tasks' | 'review' | 'classes' | 'members' | 'imports' | 'exports' | 'versions' | 'activity' | 'settings',
): Promise<Metadata> {
  return { title: (await getTranslations('dataset.tabs'))(tab) };
}
