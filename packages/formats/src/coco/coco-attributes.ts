import type { ExportAnnotation } from '../codec.js';

/** Set by the reader for what a COCO file calls a crowd; written back, so that it stays out of scores and training. */
export const CROWD_ATTRIBUTE = 'iscrowd';
/** Degrees clockwise, as CVAT has them; beside corners that it does not fit, an attribute like any other. */
export const ROTATION_ATTRIBUTE = 'rotation';

/** Parsed, for the text is laid out as the database likes: its spaces are not ours. Most rows have no such key: they are not parsed. */
export function attributesWith(
  key: string,
  { attributes }: ExportAnnotation,
): Readonly<Record<string, unknown>> | null {
  if (attributes === '{}' || !attributes.includes(key)) return null;
  return JSON.parse(attributes) as Record<string, unknown>;
}

export function isCrowd(row: ExportAnnotation): boolean {
  return attributesWith(CROWD_ATTRIBUTE, row)?.[CROWD_ATTRIBUTE] === 1;
}
