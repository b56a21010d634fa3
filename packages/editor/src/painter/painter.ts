import type { EditorPart } from '../change-hub.js';
import type { Editor } from '../editor.js';
import type { ClassStyleResolver } from './class-style.js';
import { ImageLayer } from './image-layer.js';
import { OverlayLayer } from './overlay-layer.js';
import type { Sight } from './raster.js';
import { ShapesLayer } from './shapes-layer.js';

/** The camera rests when it has not moved for so long. */
const CALM_AFTER_MS = 100;

export interface PainterOptions {
  /** Three canvases on top of each other, all of the same size. */
  readonly canvases: {
    readonly image: HTMLCanvasElement;
    readonly shapes: HTMLCanvasElement;
    readonly overlay: HTMLCanvasElement;
  };
  readonly editor: Editor;
  readonly classStyle: ClassStyleResolver;
}

export interface Painter {
  /** Size of the canvases in CSS pixels, and device pixels per CSS pixel. Also tells the camera. */
  resize(width: number, height: number, ratio?: number): void;
  /** The decoded image, or null while there is none. The host keeps and closes it; it must outlive its time here. */
  setImage(bitmap: ImageBitmap | null): void;
  /** Classes got other colours or names. */
  setClassStyle(classStyle: ClassStyleResolver): void;
  /** Asks for a repaint in the next frame. Changes of the editor ask by themselves. */
  requestFrame(): void;
  destroy(): void;
}

/** Parts that change how every resting shape looks or whether it is there. */
const RESTYLING: readonly EditorPart[] = ['view'];
/** Parts shown by the overlay. */
const OVERLAID: readonly EditorPart[] = [
  'shapes',
  'selection',
  'camera',
  'draft',
  'cursor',
  'hover',
  'tool',
  'view',
  'session',
  'image',
];

/** Paints an editor onto three canvases: the image, the shapes that rest, and what moves. At most once per frame. */
export function createPainter({ canvases, editor, classStyle }: PainterOptions): Painter {
  const { model } = editor;
  const style = { resolve: classStyle };
  const now = () => performance.now();
  const imageLayer = new ImageLayer(canvases.image);
  const shapesLayer = new ShapesLayer(canvases.shapes, model, style, now);
  const overlayLayer = new OverlayLayer(canvases.overlay, model, style);
  let ratio = 1;
  let frame: number | null = null;
  let movedAt = -Infinity;
  let imagePending = true;
  let imageCalm = true;
  let overlayPending = true;
  let moved = model.draft.state.moved;

  const requestFrame = () => {
    frame ??= requestAnimationFrame(paint);
  };

  function sight(): Sight | null {
    const { image } = model.session;
    const { width, height } = canvases.shapes;
    if (!image || width === 0 || height === 0) return null;
    const { x, y, zoom } = model.camera.state;
    return { width, height, ratio, image, placement: { scale: zoom * ratio, x: x * ratio, y: y * ratio } };
  }

  function paint(): void {
    frame = null;
    const calm = now() - movedAt >= CALM_AFTER_MS;
    const seen = sight();
    if (imagePending || (calm && !imageCalm)) {
      imageLayer.paint(model.session.image, seen?.placement ?? { scale: 1, x: 0, y: 0 }, calm);
      imageCalm = calm;
      imagePending = false;
    }
    const more = shapesLayer.paint(seen, calm);
    if (overlayPending) {
      overlayLayer.paint(seen, editor.tool);
      overlayPending = false;
    }
    if (more || !imageCalm) requestFrame();
  }

  const unsubscribe = editor.subscribe((parts) => {
    if (parts.has('camera')) {
      movedAt = now();
      imagePending = true;
    }
    if (parts.has('image')) {
      shapesLayer.forget();
      imagePending = true;
      // A new image is not a movement: paint it well at once.
      movedAt = -Infinity;
    }
    if (RESTYLING.some((part) => parts.has(part))) shapesLayer.invalidate();
    if (model.draft.state.moved !== moved) {
      moved = model.draft.state.moved;
      shapesLayer.lift(new Set(moved.keys()));
    }
    if (OVERLAID.some((part) => parts.has(part))) {
      overlayPending = true;
      requestFrame();
    }
  });
  const unlisten = model.store.listen((diff) => shapesLayer.change(diff));

  requestFrame();
  return {
    resize(width, height, deviceRatio = 1) {
      ratio = deviceRatio;
      for (const canvas of Object.values(canvases)) {
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(height * ratio);
        canvas.style.width = `${width}px`;
        canvas.style.height = `${height}px`;
      }
      editor.camera.setViewport({ width, height });
      shapesLayer.exposed();
      imagePending = overlayPending = true;
      requestFrame();
    },
    setImage(bitmap) {
      imageLayer.bitmap = bitmap;
      imagePending = true;
      requestFrame();
    },
    setClassStyle(next) {
      style.resolve = next;
      shapesLayer.invalidate();
      overlayPending = true;
      requestFrame();
    },
    requestFrame,
    destroy() {
      unsubscribe();
      unlisten();
      if (frame !== null) cancelAnimationFrame(frame);
      frame = null;
      imageLayer.bitmap = null;
    },
  };
}
