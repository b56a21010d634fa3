import type { AnnotationSource, AnnotationState, AttributeValue, Geometry, TaskType } from '@labelyard/domain';
import type { Split } from '../codec.js';
import type { ImportIssue, ImportIssueCode } from './import-issues.js';

/**
 * The shape every reader of a format has: files in, records out, a piece at a time. What is wrong with the files is data in the report,
 * with file and place; readers throw only what the files themselves throw when they are opened.
 */

/** A file as it was uploaded. */
export interface ImportFile {
  /** As its archive or upload names it, not trusted. */
  readonly path: string;
  /** From its beginning, as often as asked. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** A place in the files, for people to find it. */
export interface ImportPlace {
  readonly file: string;
  /** From 1. */
  readonly line?: number | undefined;
  /** Dotted, in files with a structure: `annotations.12.bbox`. */
  readonly path?: string | undefined;
}

/** An image the dataset has, sizes as displayed. */
export interface KnownImage {
  readonly path: string;
  readonly width: number;
  readonly height: number;
}

export interface ImportOptions {
  /**
   * The image of the dataset that a file means by `path`, null when there is none. Left out, images are taken as the files describe
   * them, which is enough for checking formats that state sizes.
   */
  readonly findImage?: (path: string) => KnownImage | null | Promise<KnownImage | null>;
  /** Language of captions in files that do not say. */
  readonly language?: string;
}

export interface ImportedClass {
  readonly kind: 'class';
  readonly name: string;
  /** Null: its annotations say it, and one name can serve several tasks. */
  readonly task_type: TaskType | null;
  readonly keypoints?: readonly string[];
  readonly skeleton?: readonly (readonly [number, number])[];
  readonly color?: string;
}

export interface ImportedImage extends KnownImage {
  readonly kind: 'image';
  readonly split: Split | null;
}

export interface ImportedAnnotation {
  readonly kind: 'annotation';
  /** Path of an image that came before. */
  readonly image: string;
  readonly task_type: TaskType;
  /** Null for kinds without a class. */
  readonly class_name: string | null;
  /** Checked against the image; what stuck out a little was moved to its edge. */
  readonly geometry: Geometry;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly confidence: number | null;
  /** Known to the native format only. */
  readonly origin?: ImportedOrigin;
  readonly at: ImportPlace;
}

export interface ImportedOrigin {
  readonly id?: number;
  readonly source?: AnnotationSource;
  readonly state?: AnnotationState;
  readonly created_by?: string;
  readonly updated_by?: string;
  readonly created_at?: string;
  readonly updated_at?: string;
  readonly confirmed_by?: string | null;
  readonly confirmed_at?: string | null;
}

export type ImportRecord = ImportedClass | ImportedImage | ImportedAnnotation;

export interface ImportReport {
  readonly format: string;
  readonly counts: { readonly classes: number; readonly images: number; readonly annotations: number };
  /** The first thousand. */
  readonly issues: readonly ImportIssue[];
  /** All of them, by code. */
  readonly issue_counts: readonly {
    readonly code: ImportIssueCode;
    readonly severity: ImportIssue['severity'];
    readonly count: number;
  }[];
}

export interface ImportRun {
  /** Walked once. An image comes before its annotations. */
  readonly records: AsyncIterable<ImportRecord>;
  /**
   * The same, as many at a time as are at hand, each list to be walked once before the next is asked for: waiting for each of a million
   * records takes longer than reading them.
   */
  readonly batches: AsyncIterable<Iterable<ImportRecord>>;
  /** What happened so far. */
  report(): ImportReport;
}

export type FormatReader<Options = object> = (
  files: readonly ImportFile[],
  options?: ImportOptions & Options,
) => ImportRun;
