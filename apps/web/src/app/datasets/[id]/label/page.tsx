import { TASK_TYPES, type TaskType } from '@labelyard/domain';
import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { readWalk } from '@/features/tasks/task-links';
import { leavePage, serverApi } from '@/server-api';
import { Workbench } from '@/workbench/workbench';

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ image?: string; task?: string; task_id?: string; review?: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('workbench');
  return { title: t('title') };
}

/** The workbench: one image on screen, its neighbours ready. */
export default async function LabelPage({ params, searchParams }: Props) {
  const [{ id }, { image, task, task_id = '', review = '' }] = await Promise.all([params, searchParams]);
  const api = await serverApi();
  const [dataset, me] = await Promise.all([
    api('datasets.get', { params: { dataset_id: id } }),
    api('auth.me', {}),
  ]).catch(leavePage);
  const wanted = TASK_TYPES.find((type) => type === task && dataset.task_types.includes(type));
  const image_id = Number(image);
  return (
    <Workbench
      dataset={dataset}
      walk={readWalk(new URLSearchParams({ task_id, review }))}
      me={me}
      image_id={Number.isSafeInteger(image_id) && image_id > 0 ? image_id : null}
      task_type={wanted ?? (dataset.task_types[0] as TaskType)}
    />
  );
}
