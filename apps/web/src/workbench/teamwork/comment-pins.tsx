'use client';

import type { CommentThread } from '@labelyard/contract';
import { geometryBounds, type Point } from '@labelyard/domain';
import { CircleX, MessageSquare } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useEffectEvent } from 'react';
import { classNames } from '@/ui/class-names';
import { useEditor, useEditorPart } from '../session/use-session';

/** Open threads on the picture, each a button where it is pinned; a label's thread follows the label. */
export function CommentPins({
  threads,
  currentId,
  onOpen,
}: {
  threads: readonly CommentThread[];
  currentId: number | null;
  onOpen: (thread_id: number) => void;
}) {
  const t = useTranslations('comments');
  const { x, y, zoom } = useEditorPart((snapshot) => snapshot.camera);
  const shapes = useEditorPart((snapshot) => snapshot.shapes);
  const open = threads.filter((thread) => thread.resolved_at === null || thread.id === currentId);
  const at = ({ annotation_id, point }: CommentThread): Point | null => {
    const shape = annotation_id === null ? undefined : shapes.find((one) => one.annotation_id === annotation_id);
    const bounds = shape && geometryBounds(shape.geometry);
    return bounds ? [bounds[0] + bounds[2], bounds[1]] : point;
  };
  return (
    <div className="pointer-events-none absolute inset-0 overflow-hidden">
      {open.map((thread) => {
        const place = at(thread);
        if (!place) return null;
        const Icon = thread.kind === 'rejection' ? CircleX : MessageSquare;
        return (
          <button
            key={thread.id}
            type="button"
            data-testid="comment-pin"
            title={thread.body}
            aria-label={t('pin', { text: thread.body })}
            aria-current={thread.id === currentId ? 'true' : undefined}
            onClick={() => onOpen(thread.id)}
            style={{ transform: `translate(${place[0] * zoom + x}px, ${place[1] * zoom + y}px) translate(-30%, -70%)` }}
            className={classNames(
              'pointer-events-auto absolute left-0 top-0 flex size-7 items-center justify-center rounded-full rounded-bl-none border-2 border-surface shadow-2 [&_svg]:size-4',
              thread.kind === 'rejection' ? 'bg-danger text-on-danger' : 'bg-accent text-on-accent',
              thread.id === currentId && 'ring-2 ring-focus',
            )}
          >
            <Icon aria-hidden />
          </button>
        );
      })}
    </div>
  );
}

/** While a comment is being pinned: the next click on the picture says where. Escape gives up; Enter takes the middle of the view. */
export function PlacePin({ onPlace, onCancel }: { onPlace: (point: [number, number]) => void; onCancel: () => void }) {
  const t = useTranslations('comments');
  const editor = useEditor();
  const image = useEditorPart((snapshot) => snapshot.image);
  const place = (left: number, top: number) => {
    if (!image) return;
    const { x, y, zoom } = editor.camera.state;
    const clamp = (value: number, most: number) => Math.round(Math.min(Math.max(value, 0), most) * 100) / 100;
    onPlace([clamp((left - x) / zoom, image.width), clamp((top - y) / zoom, image.height)]);
  };
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      onCancel();
    }
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event);
    window.addEventListener('keydown', listen, true);
    return () => window.removeEventListener('keydown', listen, true);
  }, []);
  return (
    <button
      type="button"
      autoFocus
      data-testid="place-pin"
      className="absolute inset-0 z-10 cursor-crosshair outline-none"
      onClick={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        // Pressed by key, a click has no place: the middle of what is seen.
        if (event.detail === 0) place(box.width / 2, box.height / 2);
        else place(event.clientX - box.left, event.clientY - box.top);
      }}
    >
      <span className="absolute inset-x-0 top-3 mx-auto w-fit rounded-md bg-inverse px-3 py-1.5 text-sm text-on-inverse">
        {t('place_hint')}
      </span>
    </button>
  );
}
