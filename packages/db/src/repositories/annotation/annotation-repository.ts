import type {
  Annotation,
  AnnotationState,
  BatchAuthor,
  BatchContext,
  BatchOperation,
  TaskType,
} from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import type { PageRequest } from '../paging.js';
import type {
  AnnotationOperation,
  CreateAnnotation,
  DeleteAnnotation,
  OperationOutcome,
  UpdateAnnotation,
} from './annotation-operation.js';
import { applyOne, applyOperations, applyToLocked, type ApplyOptions } from './apply-operations.js';
import { changeContext } from './change-context.js';
import { confirmImage, setState, unconfirmImage } from './confirm.js';
import { listByProject, loadImage, oneAnnotation } from './read-annotations.js';

/** Whose image is changed, and by whom. */
export interface ImageScope {
  readonly project_id: number;
  readonly image_id: number;
  readonly user_id: string;
  /** Sent by NOTIFY when the change commits; rides on a statement that is made anyway. */
  readonly announce?: { readonly channel: string; readonly payload: string } | undefined;
}

export interface AnnotationListQuery extends PageRequest {
  readonly project_id: number;
  readonly image_id?: number | undefined;
  readonly class_id?: number | undefined;
  readonly task_type?: TaskType | undefined;
  readonly state?: AnnotationState | undefined;
}

/** What a confirmation is based on. */
export interface AnnotationVersion {
  readonly annotation_id: number;
  readonly version: number;
}

export interface MovedImage {
  readonly confirmed: number;
  /** Whether anything was not so already: an image without annotations is confirmed too. */
  readonly was_changed: boolean;
}

/**
 * Annotations, their history and the operations that change them. Every write locks the image first and keeps versions, history, status
 * and counters in one transaction: the caller's, or one of its own.
 */
export class AnnotationRepository {
  constructor(private readonly connection: Connection) {}

  /**
   * One result per operation, in the order given; at most 5,000. An operation that cannot be applied does not hinder the others.
   * An op_id that was applied before is answered as it was then. Throws not_found when the image is gone.
   */
  applyOperations(scope: ImageScope, operations: readonly AnnotationOperation[]): Promise<OperationOutcome[]> {
    return applyOperations(this.connection, scope, operations);
  }

  /**
   * Locks the image until the transaction ends and answers what its changes are decided by (`decideBatch` of the domain): nothing of
   * it can change in between. Call it in the transaction that applies them (`applyToLocked`). Throws not_found.
   */
  lockForChanges(scope: ImageScope, operations: readonly BatchOperation[]): Promise<BatchContext> {
    return changeContext(this.connection, scope, operations);
  }

  /** `applyOperations` in a transaction that holds the image already, by `lockForChanges`. */
  applyToLocked(
    scope: ImageScope,
    operations: readonly AnnotationOperation[],
    options?: ApplyOptions,
  ): Promise<OperationOutcome[]> {
    return applyToLocked(this.connection, scope, operations, options);
  }

  /** Throws validation_failed (class or task type) or not_found (image). */
  async create(scope: ImageScope, values: Omit<CreateAnnotation, 'op' | 'op_id'>): Promise<Annotation> {
    return (await applyOne(this.connection, scope, { ...values, op: 'create', op_id: null })) as Annotation;
  }

  /** Throws version_conflict (details.current), not_found or validation_failed. */
  async update(scope: ImageScope, values: Omit<UpdateAnnotation, 'op' | 'op_id'>): Promise<Annotation> {
    return (await applyOne(this.connection, scope, { ...values, op: 'update', op_id: null })) as Annotation;
  }

  /** Throws version_conflict (details.current) or not_found. */
  async remove(scope: ImageScope, values: Omit<DeleteAnnotation, 'op' | 'op_id'>): Promise<void> {
    await applyOne(this.connection, scope, { ...values, op: 'delete', op_id: null });
  }

  get(annotation_id: number): Promise<Annotation | null> {
    return oneAnnotation(this.connection, annotation_id);
  }

  /** JSON text of the array of an image's annotations, by id: ready for the wire. */
  loadImage(scope: {
    readonly project_id: number;
    readonly image_id: number;
    readonly task_types?: readonly TaskType[] | undefined;
  }): Promise<string> {
    return loadImage(this.connection, scope);
  }

  /** JSON text of one page's `items`, by id. */
  listByProject(query: AnnotationListQuery): Promise<{ items_json: string; next_cursor: string | null }> {
    return listByProject(this.connection, query);
  }

  /** draft → confirmed. Confirming what is confirmed changes nothing. Throws version_conflict (details.current) or not_found. */
  confirm(scope: ImageScope, target: AnnotationVersion): Promise<Annotation> {
    return setState(this.connection, scope, target, 'confirm', { may_edit_verified: false });
  }

  /** confirmed, or verified where the author may, → draft. Throws version_conflict (details.current), forbidden or not_found. */
  unconfirm(scope: ImageScope, target: AnnotationVersion, author: BatchAuthor): Promise<Annotation> {
    return setState(this.connection, scope, target, 'unconfirm', author);
  }

  /** Confirms all drafts of the task type and marks the image done for it; `confirmed` counts the drafts. Can be repeated. */
  confirmImage(scope: ImageScope, task_type: TaskType): Promise<MovedImage> {
    return confirmImage(this.connection, scope, task_type);
  }

  /** Re-opens the image; its confirmed (not its verified) annotations become drafts, which `confirmed` counts. */
  unconfirmImage(scope: ImageScope, task_type: TaskType): Promise<MovedImage> {
    return unconfirmImage(this.connection, scope, task_type);
  }
}
