import { exportedAnnotation, type FrozenClass, type LabelerDb, type VersionRow } from '@labelyard/db';
import { splitOf } from '@labelyard/domain';
import type { ExportSource } from '@labelyard/formats';

/** What was counted on the way, for the manifest. */
export interface VersionTally {
  readonly by_kind: Record<string, number>;
  readonly by_state: Record<string, number>;
  readonly by_split: Record<string, number>;
}

/**
 * A version as a writer of any format reads it: the same whenever it is read, since it is made of what was frozen and of nothing else.
 * `onRows` is told of each batch before the writer gets it; what it throws ends the writing.
 */
export function versionSource(
  db: Pick<LabelerDb, 'versions'>,
  row: VersionRow,
  project: { readonly name: string },
  classes: readonly FrozenClass[],
  onRows: (count: number) => Promise<void>,
  tally?: VersionTally,
): ExportSource {
  const { shares } = row.options;
  return {
    head: {
      project: { id: row.project_id, name: row.project_name ?? project.name },
      version: `v${row.number}`,
      date: row.frozen_at,
      task_types: row.task_types ?? [],
      classes,
    },
    async *images() {
      for await (const batch of db.versions.images(row.id)) {
        await onRows(batch.length);
        yield batch.map((image) => {
          const split = splitOf(image, shares);
          if (tally) count(tally.by_split, split);
          return { ...image, split };
        });
      }
    },
    async *annotations() {
      for await (const batch of db.versions.annotations(row.id)) {
        await onRows(batch.length);
        yield batch.map((annotation) => {
          if (tally) {
            count(tally.by_kind, annotation.annotation_type);
            count(tally.by_state, annotation.state);
          }
          return exportedAnnotation(annotation);
        });
      }
    },
  };
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
