import type { AnnotationSource, AnnotationState, AttributeValue, Box, GeometryType, TaskType } from '@labelyard/domain';

/** A checked geometry ready to store: the service made it canonical and measured it. */
export interface StoredGeometry {
  readonly annotation_type: GeometryType;
  /** Canonical compact JSON text (`canonicalGeometryJson` of the domain), kept byte for byte. */
  readonly geometry: string;
  /** Tight box in pixels, null for kinds without a place on the image. */
  readonly bbox: Box | null;
  /** Square pixels, null for kinds without an area. */
  readonly area: number | null;
}

export type Attributes = Readonly<Record<string, AttributeValue>>;

export interface CreateAnnotation extends StoredGeometry {
  readonly op: 'create';
  /** Null: not idempotent (single POST without a key). */
  readonly op_id: string | null;
  readonly task_type: TaskType;
  readonly class_id: number | null;
  readonly attributes?: Attributes;
  readonly confidence?: number | null;
  readonly source?: AnnotationSource;
  /** `draft` unless an import says otherwise. */
  readonly state?: AnnotationState;
}

/** Absent fields stay as they are. `shape` replaces kind, geometry, box and area together. */
export interface UpdateAnnotation {
  readonly op: 'update';
  readonly op_id: string | null;
  readonly annotation_id: number;
  /** The version the change is based on. */
  readonly version: number;
  readonly shape?: StoredGeometry;
  readonly class_id?: number | null;
  readonly attributes?: Attributes;
  readonly confidence?: number | null;
}

export interface DeleteAnnotation {
  readonly op: 'delete';
  readonly op_id: string | null;
  readonly annotation_id: number;
  readonly version: number;
}

export type AnnotationOperation = CreateAnnotation | UpdateAnnotation | DeleteAnnotation;

/** The op_id as Postgres writes it, which is how operations are told apart; undefined for one that is not to be known again. */
export function canonicalOpId({ op_id }: AnnotationOperation): string | undefined {
  return op_id?.toLowerCase();
}

export type OperationStatus = 'applied' | 'conflict' | 'not_found' | 'rejected';

export interface OperationOutcome {
  readonly op_id: string | null;
  readonly status: OperationStatus;
  /** Applied by an earlier request with the same op_id. */
  readonly replayed: boolean;
  readonly annotation_id: number | null;
  /** The whole wire result as JSON text: `{"op_id", "status", "annotation", "issues"?}`. Splice it, do not parse it. */
  readonly json: string;
}
