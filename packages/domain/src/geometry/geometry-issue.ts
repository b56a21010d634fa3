/** Why a geometry was refused. */
export const GEOMETRY_ISSUE_CODES = [
  'not_an_object',
  'unknown_type',
  'unknown_key',
  'not_a_list',
  'wrong_length',
  'not_a_number',
  'not_text',
  'bad_value',
  'degenerate',
  'outside_image',
  'too_large',
  'bad_mask',
] as const;
export type GeometryIssueCode = (typeof GEOMETRY_ISSUE_CODES)[number];

/** `path` is dotted and relative to the geometry (`bbox.2`, `polygons.0.1.0.3`); empty for the geometry itself. */
export interface GeometryIssue {
  readonly path: string;
  readonly code: GeometryIssueCode;
  readonly message: string;
}

export function geometryIssue(path: string, code: GeometryIssueCode, message: string): GeometryIssue {
  return { path, code, message };
}

export interface GeometryLimits {
  /** How far past the image's edge a coordinate may lie before the shape is refused; nearer ones are moved to the edge. */
  readonly outside_px: number;
  /** Points of one geometry, over all its rings. */
  readonly max_points: number;
  /** Rings of one polygon, holes included. */
  readonly max_rings: number;
  /** Characters of compressed mask counts. */
  readonly max_mask_characters: number;
  /** Characters (UTF-16 units) of a caption, description, question or answer. */
  readonly max_text_characters: number;
}

export const GEOMETRY_LIMITS: GeometryLimits = {
  outside_px: 0.5,
  max_points: 100_000,
  max_rings: 1_000,
  max_mask_characters: 4_000_000,
  max_text_characters: 10_000,
};

/** Smallest width, height, radius and length of a shape in pixels. Below it, sums of coordinates lose their meaning. */
export const MIN_EXTENT = 1e-3;
/** Smallest area of a ring, and of a polygon part without its holes, in px². */
export const MIN_AREA = 1e-6;
/** Noise of floating-point sums such as x + width; not a way to leave the image. */
export const NOISE = 1e-9;
