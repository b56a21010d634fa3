import type { Split, SplitShares, TaskType, VersionStatus } from '@labelyard/domain';
import type { ClassRow } from '../project/class-repository.js';

/** What publishing was asked to do. */
export interface VersionOptions {
  readonly include_drafts: boolean;
  readonly shares: SplitShares;
}

export interface VersionManifest {
  readonly format: string;
  readonly format_version: string;
  readonly counts: {
    readonly images: number;
    readonly annotations: number;
    readonly by_class: readonly { readonly class_id: number; readonly name: string; readonly annotations: number }[];
    readonly by_kind: Readonly<Record<string, number>>;
    readonly by_state: Readonly<Record<string, number>>;
    readonly by_split: Readonly<Record<string, number>>;
  };
}

export interface VersionRow {
  readonly id: number;
  readonly project_id: number;
  readonly number: number;
  readonly status: VersionStatus;
  readonly note: string;
  readonly options: VersionOptions;
  /** As the project was called when it was frozen. */
  readonly project_name: string | null;
  readonly task_types: TaskType[] | null;
  readonly progress: number;
  readonly manifest: VersionManifest | null;
  readonly storage_key: string | null;
  /** Under way, or of a worker that died. */
  readonly multipart_upload_id: string | null;
  readonly size_bytes: number | null;
  readonly sha256: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly created_by: string;
  readonly created_at: string;
  readonly frozen_at: string | null;
  readonly published_at: string | null;
  readonly deleted_at: string | null;
  readonly deleted_by: string | null;
  /** The newest that is published. */
  readonly is_latest: boolean;
}

export type FrozenClass = Pick<ClassRow, 'id' | 'task_type' | 'name' | 'color' | 'keypoints' | 'skeleton'>;

export interface VersionImageRow {
  readonly id: number;
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly split: Split | null;
}

export const VERSION_COLUMNS = `v.id, v.project_id, v.number, v.status, v.note, v.options, v.project_name, v.task_types, v.progress, v.manifest,
  v.storage_key, v.multipart_upload_id, v.size_bytes, v.sha256, v.error, v.created_by, v.created_at, v.frozen_at, v.published_at,
  v.deleted_at, v.deleted_by,
  v.status = 'published' and not exists (select from annotation_versions n
    where n.project_id = v.project_id and n.status = 'published' and n.number > v.number) as is_latest`;
