import {
  needsClass,
  STATE_AFTER_EDIT,
  type Annotation,
  type AnnotationSource,
  type AnnotationState,
  type AttributeValue,
  type Geometry,
  type GeometryType,
  type TaskType,
} from '@labelyard/domain';

/** Opaque client id. It never changes while a page lives, also not when the server gives the shape its `annotation_id`. */
export type ShapeId = string;

/**
 * One label as the editor holds it: anything drawn, and image-level labels (classification, no-object) alike.
 * The first block belongs to the user and goes through history, the second belongs to the server.
 */
export interface Shape {
  readonly id: ShapeId;

  readonly task_type: TaskType;
  readonly annotation_type: GeometryType;
  readonly class_id: number | null;
  readonly geometry: Geometry;
  readonly attributes: Readonly<Record<string, AttributeValue>>;

  /** `null` until the server stored it. */
  readonly annotation_id: number | null;
  /** Version the local record is based on; 0 until the server stored it. */
  readonly version: number;
  /** `draft` as soon as it differs from what the server stored. */
  readonly state: AnnotationState;
  readonly confidence: number | null;
  readonly source: AnnotationSource;
}

/** What a person may change; only these fields are written by undo and redo. */
export const USER_FIELDS = ['task_type', 'annotation_type', 'class_id', 'geometry', 'attributes'] as const;
export type UserField = (typeof USER_FIELDS)[number];
/** What only the server may change. */
export const SERVER_FIELDS = ['annotation_id', 'version', 'state', 'confidence', 'source'] as const;
export type ServerField = (typeof SERVER_FIELDS)[number];

/** A change of one shape by a person. */
export type ShapePatch = Partial<Pick<Shape, UserField>>;
/** What is needed to make a shape; its id is drawn when absent. */
export type NewShape = Pick<Shape, 'task_type' | 'class_id' | 'geometry'> & Partial<Pick<Shape, 'id' | 'attributes'>>;
/** A row as the server stored it. */
export type StoredShape = Omit<Shape, 'id' | 'annotation_id'> & { readonly annotation_id: number };

/** The id of a shape that was loaded from the server. */
export function storedShapeId(annotation_id: number): ShapeId {
  return `a${annotation_id}`;
}

/** Fields of an annotation row that the editor keeps. */
export function storedShape(row: Annotation): StoredShape {
  const { id, task_type, annotation_type, class_id, geometry, attributes, version, state, confidence, source } = row;
  return {
    annotation_id: id,
    task_type,
    annotation_type,
    class_id,
    geometry,
    attributes,
    version,
    state,
    confidence,
    source,
  };
}

/** The shape for an annotation row of the server. */
export function shapeFromAnnotation(row: Annotation): Shape {
  return { id: storedShapeId(row.id), ...storedShape(row) };
}

/** A shape nobody has stored yet. */
export function newShape({ id, task_type, class_id, geometry, attributes }: NewShape): Shape {
  return {
    id: id ?? freshId(),
    task_type,
    annotation_type: geometry.type,
    class_id: needsClass(geometry.type) ? class_id : null,
    geometry,
    attributes: attributes ?? {},
    annotation_id: null,
    version: 0,
    state: STATE_AFTER_EDIT,
    confidence: null,
    source: 'manual',
  };
}

/** 128 random bits. Not `randomUUID`: browsers have it on https and localhost only. */
function freshId(): ShapeId {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Whether a person would see no difference between the two. Stops at the first number that differs. */
export function sameUserFields(a: Shape, b: Shape): boolean {
  return USER_FIELDS.every((field) => sameValue(a[field], b[field]));
}

function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((value, i) => sameValue(value, b[i]))
    );
  }
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => sameValue(left[key], right[key]));
}
