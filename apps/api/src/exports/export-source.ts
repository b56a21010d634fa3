import type { ExportSnapshot } from '@labelyard/db';
import type { ExportSource } from '@labelyard/formats';
import type { TaskType } from '@labelyard/domain';

/**
 * A frozen project as a writer reads it. `onRows` is told of each batch of images or annotations before the writer gets it;
 * what it throws ends the export.
 */
export function exportSource(
  snapshot: ExportSnapshot,
  task_types: readonly TaskType[] | undefined,
  onRows: (count: number) => void | Promise<void>,
): ExportSource {
  const { project, classes } = snapshot;
  async function* counted<Row>(batches: AsyncIterable<Row[]>): AsyncGenerator<Row[]> {
    for await (const batch of batches) {
      await onRows(batch.length);
      yield batch;
    }
  }
  return {
    head: {
      project: { id: project.id, name: project.name },
      version: null,
      date: null,
      task_types: task_types ?? project.task_types,
      classes,
    },
    images: () => counted(snapshot.images()),
    annotations: () => counted(snapshot.annotations('id')),
  };
}
