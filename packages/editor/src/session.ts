import { needsClass, type GeometryType, type ImageSize, type TaskType } from '@labelyard/domain';
import type { ChangeHub } from './change-hub.js';

/** The image being labeled. Width and height are those of the displayed image, EXIF orientation applied. */
export interface EditorImage extends ImageSize {
  readonly id: number;
}

/** A class as far as the editor cares; the order of the list decides the number keys. */
export interface EditorClass {
  readonly id: number;
}

/** Why something was refused. The web chooses the words. */
export type NoticeCode =
  | 'readonly'
  | 'verified'
  | 'no_image'
  | 'no_class'
  | 'too_small'
  | 'too_few_points'
  | 'wrong_task_type'
  | 'shapes_exist'
  | 'nothing_to_paste'
  | 'unfinished';

/** The last refusal. `sequence` grows, so the same refusal twice is seen twice. */
export interface Notice {
  readonly code: NoticeCode;
  readonly sequence: number;
  /** For `readonly`: the reason that was given. */
  readonly reason?: string;
}

export type ClassificationMode = 'single' | 'multi';

/** What the person is working on and may do: image, task type, class, read-only. */
export class Session {
  image: EditorImage | null = null;
  active_task_type: TaskType = 'detection';
  /** Task types the project is labeled for. */
  task_types: readonly TaskType[] = ['classification', 'detection', 'segmentation'];
  active_class_id: number | null = null;
  classes: readonly EditorClass[] = [];
  classification_mode: ClassificationMode = 'single';
  /** `null`: may edit. Otherwise why not (lock held by another, role, maintenance). */
  readonly_reason: string | null = null;
  /** Whether what a reviewer verified may be changed here. */
  may_edit_verified = true;
  notice: Notice | null = null;

  constructor(private readonly hub: ChangeHub) {}

  /** Sets fields and tells listeners when one of them really changed. */
  set(fields: Partial<Omit<Session, 'set' | 'refuse' | 'mayEdit' | 'mayCreate'>>): void {
    const changed = (Object.keys(fields) as (keyof typeof fields)[]).filter((key) => this[key] !== fields[key]);
    if (changed.length === 0) return;
    Object.assign(this, fields);
    this.hub.touch('session', ...(changed.includes('image') ? (['image'] as const) : []));
  }

  /** Records a refusal. Returns false, so that `return session.refuse(…)` reads as an answer. */
  refuse(code: NoticeCode): false {
    const reason = code === 'readonly' ? (this.readonly_reason ?? undefined) : undefined;
    this.notice = { code, sequence: (this.notice?.sequence ?? 0) + 1, ...(reason !== undefined && { reason }) };
    this.hub.touch('notice');
    return false;
  }

  /** Whether anything may be edited now; says why not. */
  mayEdit(): boolean {
    if (!this.image) return this.refuse('no_image');
    return this.readonly_reason === null || this.refuse('readonly');
  }

  /** Whether a label of this kind may be made now: also needs a class where the kind has one. */
  mayCreate(type: GeometryType): boolean {
    if (!this.mayEdit()) return false;
    return !needsClass(type) || this.active_class_id !== null || this.refuse('no_class');
  }
}
