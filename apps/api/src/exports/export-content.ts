import type { ExportAnnotation, ExportClass, ExportImage } from '@labelyard/formats';
import type { TaskType } from '@labelyard/domain';

/** An image with what is needed to put its picture beside the files. */
export interface ContentImage extends ExportImage {
  readonly size_bytes: number;
  /** Of the stored picture. */
  readonly sha256: string;
  /** Its picture lies under a key of its own: something else took its place since. */
  readonly kept?: boolean;
}

/** Rows, each good until the next one is asked for, and how many were. */
export type Passing<Row> = Iterable<Row> & { readonly passed: number };

/**
 * The labels of a project in one state, filtered, to be read in bulk: the working copy as it is at the moment, or a published version.
 * See `LabelerDb.openExport`.
 */
export interface ExportContent extends AsyncDisposable {
  readonly project: {
    readonly id: number;
    readonly dataset_id: number;
    readonly name: string;
    readonly task_types: readonly TaskType[];
  };
  /** Label and time of a published state, ISO 8601; absent for the working copy. */
  readonly version?: { readonly label: string; readonly published_at: string };
  /** In project order. */
  readonly classes: readonly ExportClass[];
  /** About how much there is to read, for progress. */
  readonly counts: { readonly images: number; readonly annotations: number };
  /** By ascending id, as often as asked, also while another walk is under way. */
  images(): AsyncIterable<readonly ContentImage[]>;
  /** By id, or by (image_id, id). */
  annotations(order?: 'id' | 'image'): AsyncIterable<readonly ExportAnnotation[]>;
  /** The same for whoever keeps none of them. */
  readonly passing?: (order?: 'id' | 'image') => AsyncIterable<Passing<ExportAnnotation>>;
  readonly passingImages?: () => AsyncIterable<Passing<ContentImage>>;
}
