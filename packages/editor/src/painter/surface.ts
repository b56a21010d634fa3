/** What painting needs of a 2D context; on-screen and off-screen canvases both have it. */
export type Context2D = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** A canvas on the page or in memory. */
export type Surface = HTMLCanvasElement | OffscreenCanvas;

/** The 2D context of a surface. Throws where the browser gives none (too many contexts, canvas disabled). */
export function contextOf(surface: Surface): Context2D {
  const context = surface.getContext('2d');
  if (!context) throw new Error('This browser gives no 2D canvas context: the editor cannot paint.');
  return context;
}

/** Image pixels to device pixels: `device = image × scale + (x, y)`. */
export interface Placement {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** Erases everything and leaves the context in device pixels. */
export function wipe(context: Context2D): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
}
