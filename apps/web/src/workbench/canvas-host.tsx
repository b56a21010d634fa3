'use client';

import { attachInput, createPainter, type ClassStyleResolver, type Editor, type Painter } from '@labelyard/editor';
import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { useEditor, useEditorPart } from './session/use-session';

/** The three canvases of the painter in one focusable box; input goes to the editor, pictures come through the painter. */
export function CanvasHost({
  classStyle,
  onPainter,
}: {
  classStyle: ClassStyleResolver;
  /** Told of the painter once it can be painted on, and of its end with null. */
  onPainter: (painter: Painter | null) => void;
}) {
  const t = useTranslations('workbench');
  const editor = useEditor();
  const host = useRef<HTMLDivElement>(null);
  const image = useRef<HTMLCanvasElement>(null);
  const shapes = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const cursor = useEditorPart((snapshot) => snapshot.css_cursor);
  const painterRef = useRef<Painter | null>(null);
  const style = useRef(classStyle);

  useEffect(() => {
    if (!host.current || !image.current || !shapes.current || !overlay.current) return;
    const painter = createPainter({
      canvases: { image: image.current, shapes: shapes.current, overlay: overlay.current },
      editor,
      classStyle: style.current,
    });
    painterRef.current = painter;
    onPainter(painter);
    const element = host.current;
    const resize = () => painter.resize(element.clientWidth, element.clientHeight, window.devicePixelRatio);
    resize();
    const observer = new ResizeObserver(resize);
    observer.observe(element);
    const detach = attachInput(element, editor);
    const stopTelling = tellView(element, editor);
    element.focus({ preventScroll: true });
    return () => {
      detach();
      stopTelling();
      observer.disconnect();
      painter.destroy();
      painterRef.current = null;
      onPainter(null);
    };
  }, [editor, onPainter]);

  useEffect(() => {
    style.current = classStyle;
    painterRef.current?.setClassStyle(classStyle);
  }, [classStyle]);

  return (
    <div
      ref={host}
      tabIndex={0}
      role="application"
      aria-label={t('canvas')}
      aria-describedby="workbench-canvas-help"
      data-testid="canvas"
      className="absolute inset-0 touch-none overflow-hidden bg-canvas outline-none focus-visible:ring-1 focus-visible:ring-inset focus-visible:ring-focus"
      style={{ cursor }}
    >
      <canvas ref={image} aria-hidden className="pointer-events-none absolute inset-0 size-full" />
      <canvas ref={shapes} aria-hidden className="pointer-events-none absolute inset-0 size-full" />
      <canvas ref={overlay} aria-hidden className="pointer-events-none absolute inset-0 size-full" />
      <p id="workbench-canvas-help" className="sr-only">
        {t('canvas_help')}
      </p>
    </div>
  );
}

/**
 * Says on the element which image is open (`data-image-id`) and where it lies (`data-camera="x y zoom"`: an image point is at
 * `point × zoom + (x, y)` CSS pixels from the element's corner). For whoever points at the picture from outside, such as the
 * browser journeys.
 */
function tellView(element: HTMLElement, editor: Editor): () => void {
  const tell = () => {
    const { x, y, zoom } = editor.camera.state;
    element.dataset.camera = `${x} ${y} ${zoom}`;
    if (editor.image) element.dataset.imageId = String(editor.image.id);
    else delete element.dataset.imageId;
  };
  tell();
  return editor.subscribe((parts) => (parts.has('camera') || parts.has('image')) && tell());
}
