import type { AnnotationSource, AnnotationState, GeometryType, Split, TaskType } from '@labelyard/domain';

/**
 * The shape every writer of a format has. A writer knows neither database nor storage, zip nor clock: it turns a source into
 * files, a piece at a time. The same source gives the same bytes.
 */

/** A class in scope of the export. */
export interface ExportClass {
  readonly id: number;
  readonly task_type: TaskType;
  readonly name: string;
  /** Names of the keypoints in order; empty for other task types. */
  readonly keypoints?: readonly string[];
  /** Pairs of 0-based indexes into `keypoints`. */
  readonly skeleton?: readonly (readonly [number, number])[];
  /** `#rrggbb`, for formats that carry colours. */
  readonly color?: string;
}

export { SPLITS, type Split } from '@labelyard/domain';

/** What is known before the first image. */
export interface ExportHead {
  readonly project: { readonly id: number; readonly name: string };
  /** Label of the published version, null for the working copy. */
  readonly version: string | null;
  /** ISO 8601 time that belongs to the exported state (when the version was published), never "now". Null: no date is written. */
  readonly date: string | null;
  /** Task types in scope; classes of others are left out. */
  readonly task_types: readonly TaskType[];
  /** In project order. */
  readonly classes: readonly ExportClass[];
}

export interface ExportImage {
  readonly id: number;
  /** Relative to the images folder, forward slashes, unique in the dataset. */
  readonly path: string;
  /** Pixels of the displayed image. */
  readonly width: number;
  readonly height: number;
  /** Colour channels of the file, for formats that state them; 3 when left out. */
  readonly channels?: number;
  /** As chosen by people. Without it, formats with splits take one from the path. */
  readonly split?: Split | null;
}

/** One annotation with its geometry as it is stored: checked, canonical, measured. */
export interface ExportAnnotation {
  readonly id: number;
  readonly image_id: number;
  readonly class_id: number | null;
  readonly annotation_type: GeometryType;
  /** Text by `canonicalGeometryJson`. Numbers are copied from it, not parsed; another layout is read too, only slower. */
  readonly geometry: string;
  /** Bytes of `geometry`, where they are at hand: formats that copy them need not decode and encode it. */
  readonly geometry_utf8?: Uint8Array | undefined;
  /** `geometryBounds` of it, null for kinds without a place on the image. */
  readonly bbox_x: number | null;
  readonly bbox_y: number | null;
  readonly bbox_w: number | null;
  readonly bbox_h: number | null;
  /** `geometryArea` of it. */
  readonly area: number | null;
  /** JSON text of an object, `{}` when there are none. */
  readonly attributes: string;
  /** Tells to which task a "no object" belongs; of all others the kind says it. */
  readonly task_type?: TaskType;
  /** Carried by the native format only. Times are ISO 8601. */
  readonly confidence?: number | null;
  readonly source?: AnnotationSource;
  readonly state?: AnnotationState;
  readonly created_by?: string;
  readonly updated_by?: string;
  readonly created_at?: string;
  readonly updated_at?: string;
  readonly confirmed_by?: string | null;
  readonly confirmed_at?: string | null;
}

/**
 * Both lists come in batches, ordered by ascending id without repetition; annotations by (image_id, id) when asked for by image.
 * Writers of several files walk them once per file, one after the other, and keep nothing of them.
 */
export interface ExportSource {
  readonly head: ExportHead;
  images(): AsyncIterable<readonly ExportImage[]>;
  annotations(order?: 'id' | 'image'): AsyncIterable<readonly ExportAnnotation[]>;
  /**
   * The same for writers that keep none of them: a row is good until the next one is asked for, and may be the same object again. Absent
   * where that is no faster.
   */
  passing?(order?: 'id' | 'image'): AsyncIterable<Iterable<ExportAnnotation>>;
  /** Images in the same way. */
  passingImages?(): AsyncIterable<Iterable<ExportImage>>;
}

/** Where the pixels of an image must lie beside the files, for whoever puts both into one archive. */
export interface ExportedPicture {
  readonly image_id: number;
  /** Relative, forward slashes, unique in the export. */
  readonly path: string;
}

/** What a file holds, a piece at a time: at once when it is small. A piece of bytes is good until the next one is asked for. */
export type FileChunks = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

/** A file of the export. `chunks` is walked once, and before the next file is asked for. Text is UTF-8. */
export interface ExportedFile {
  /** Relative, forward slashes. */
  readonly path: string;
  readonly chunks: FileChunks;
}

/** Annotations that share one fate, and why. */
export interface ExportFinding {
  readonly code: string;
  readonly reason: string;
  readonly count: number;
  /** Ids of the first ones, at most 5; of images where the code says so. */
  readonly examples: readonly number[];
}

export interface ExportNote {
  /** Unlike the text it never changes. */
  readonly code: string;
  readonly text: string;
  /** What stands in the text besides words, by its name. */
  readonly values?: Readonly<Record<string, string>>;
  /** What it is about, where that is single images or annotations. */
  readonly about?: {
    readonly what: 'image' | 'annotation';
    readonly count: number;
    readonly examples: readonly number[];
  };
}

export interface ExportReport {
  readonly format: string;
  /** What the files hold. */
  readonly counts: {
    readonly images: number;
    readonly annotations: number;
    /** Every class of the export in its order, also those without annotations. */
    readonly by_class: readonly { readonly class_id: number; readonly name: string; readonly annotations: number }[];
  };
  /** Not in the files at all. */
  readonly dropped: readonly ExportFinding[];
  /** In the files, in another form. */
  readonly converted: readonly ExportFinding[];
  /** Remarks for the person who will use the files. */
  readonly notes: readonly string[];
  /** The same remarks, in the same order, for who says them in other words. */
  readonly noted: readonly ExportNote[];
}

export interface ExportRun {
  readonly files: AsyncIterable<ExportedFile>;
  /** Walks the source again, at any time. */
  pictures(): AsyncIterable<ExportedPicture>;
  /** What happened. Throws until every file was read to its end. */
  report(): ExportReport;
}

export type FormatWriter<Options = object> = (source: ExportSource, options?: Options) => ExportRun;
