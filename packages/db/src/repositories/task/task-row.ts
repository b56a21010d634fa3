import type { ImageStatus, SplitImage, TaskState, TaskType } from '@labelyard/domain';

export interface TaskRow {
  readonly id: number;
  readonly project_id: number;
  readonly task_type: TaskType;
  readonly name: string;
  readonly description: string;
  readonly assignee_id: string | null;
  readonly state: TaskState;
  readonly due_at: string | null;
  /** Why it was handed or sent back last. */
  readonly note: string;
  readonly version: number;
  readonly created_by: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly submitted_at: string | null;
  readonly completed_at: string | null;
  /** Images per status. */
  readonly progress: Partial<Record<ImageStatus, number>>;
  /** Where to go on: what was rejected first, then what is not done, in the order of paths. */
  readonly next_image_id: number | null;
}

export interface MyTaskRow extends TaskRow {
  readonly dataset_id: number;
  readonly dataset_name: string;
}

/** An image that came back from review, whichever task it is part of. */
export interface ReworkRow {
  readonly project_id: number;
  readonly dataset_id: number;
  readonly dataset_name: string;
  readonly image_id: number;
  readonly path: string;
  readonly task_type: TaskType;
  readonly task_id: number | null;
  readonly status: ImageStatus;
}

/** Which images a split is about. */
export interface SplitSource {
  readonly project_id: number;
  readonly dataset_id: number;
  readonly task_type: TaskType;
  /** These, and no others. */
  readonly image_ids?: readonly number[] | undefined;
  readonly status?: ImageStatus | undefined;
  /** A folder of the path and what is below it. */
  readonly folder?: string | undefined;
}

/** An image a split would take. */
export interface TakenImage extends SplitImage {
  readonly status: ImageStatus;
  /** Among those of its split, in the order of their paths as the database has it. */
  readonly place: number;
}

export interface NewTask {
  readonly name: string;
  readonly assignee_id: string | null;
  readonly images: readonly TakenImage[];
}

/** How much of a source a split would take, and what of it is in tasks already. */
export interface SplitSize {
  readonly free: number;
  readonly taken: number;
}

export type SplitStatus = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';

/** A split of many images, done in the background. */
export interface SplitRow {
  readonly id: number;
  readonly project_id: number;
  readonly task_type: TaskType;
  /** As it was asked for. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly status: SplitStatus;
  /** How many it puts into tasks; null before that is known. */
  readonly images: number | null;
  readonly done: number;
  /** How many it made; null before it is done. */
  readonly tasks: number | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly created_by: string;
  readonly created_at: string;
  readonly finished_at: string | null;
}

/** A split that is being worked on. */
export interface RunningSplit extends SplitRow {
  /** Each beginning has its own: whoever was given up and goes on finds another one. */
  readonly run: number;
  /** Under which an earlier run may have left images. */
  readonly task_ids: readonly number[] | null;
}

/** Open tasks of somebody who may not work any more, that have nobody now. */
export interface ReleasedTasks {
  readonly project_id: number;
  readonly names: readonly string[];
}

/** What putting images into a task, and taking them out, comes to. */
export interface TaskImagesChange {
  readonly added: number;
  readonly removed: number;
  /** Ids that are no images of the project. */
  readonly unknown: readonly number[];
  /** Images that another task of the type has. */
  readonly elsewhere: readonly number[];
}

export interface TaskChange {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly due_at?: string | null | undefined;
  readonly assignee_id?: string | null | undefined;
  readonly state?: TaskState | undefined;
  readonly note?: string | undefined;
}
