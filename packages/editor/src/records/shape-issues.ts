import { checkGeometry, needsClass, type GeometryIssueCode, type ImageSize } from '@labelyard/domain';
import type { Shape } from './shape.js';

/** Why the server would refuse a shape, or a person should look at it again. */
export interface ShapeIssue {
  readonly code: GeometryIssueCode | 'no_class';
  /** Dotted place in the geometry, empty for the shape itself. */
  readonly path: string;
  /** For developers; the web chooses its own words by code. */
  readonly message: string;
}

/** What is wrong with a shape, by the same rules the server applies. */
export function shapeIssues(shape: Shape, image: ImageSize): readonly ShapeIssue[] {
  const check = checkGeometry(shape.geometry, image);
  const issues: ShapeIssue[] = check.ok ? [] : [...check.issues];
  if (needsClass(shape.annotation_type) && shape.class_id === null) {
    issues.push({ code: 'no_class', path: '', message: `A ${shape.annotation_type} needs a class: choose one.` });
  }
  return issues;
}
