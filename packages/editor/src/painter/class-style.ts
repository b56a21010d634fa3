/** How labels of a class look. */
export interface ClassStyle {
  /** CSS colour. */
  readonly color: string;
  /** Shown beside the shape when names are on. */
  readonly name?: string;
}

/** Style of a class; `null` for labels without one. Called often: look it up, do not build it. */
export type ClassStyleResolver = (class_id: number | null) => ClassStyle;

/** Dark rim under every line, so that shapes can be seen on any photograph and in any theme. */
export const HALO = 'rgba(10, 12, 18, 0.55)';
/** Light fill of grips and name tags' text. */
export const LIGHT = '#ffffff';
export const TAG_BACKGROUND = 'rgba(10, 12, 18, 0.72)';
/** Lines of marquee and crosshair, over HALO. */
export const GUIDE = 'rgba(255, 255, 255, 0.9)';
