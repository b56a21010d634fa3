import type { Dataset } from '@labelyard/contract';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { DEFAULT_SORT, workbenchPath } from '@/features/images/image-filter';
import { toast } from '@/ui/toast-store';

/** Opens the workbench where work waits: an image in progress, else one not started, else the first. */
export function useStartLabeling(dataset: Dataset | undefined) {
  const router = useRouter();
  const errorText = useErrorText();
  return useMutation({
    mutationFn: async () => {
      const task = dataset?.task_types[0];
      if (!dataset || !task) return;
      for (const status of ['in_progress', 'not_started', undefined] as const) {
        const page = await api('images.list', {
          params: { project_id: dataset.project_id },
          query: { task_type: task, status, sort: DEFAULT_SORT, limit: 1 },
        });
        const [image] = page.items;
        if (!image) continue;
        router.push(workbenchPath(dataset.id, image.id, task, {}));
        return;
      }
    },
    onError: (error) => {
      const { title, detail } = errorText(error);
      toast.error(title, { detail });
    },
  });
}
