'use client';

import type { Dataset, ProjectImage } from '@labelyard/contract';
import { can, REVIEWED_FROM, type TaskType } from '@labelyard/domain';
import { useCallback, useEffect, useEffectEvent, useState } from 'react';
import { useEditor } from '../session/use-session';
import { teamworkActions } from './teamwork-actions';
import { useImageComments } from './use-image-comments';
import { useReviewing } from './use-reviewing';

interface Teamwork {
  readonly dataset: Dataset;
  readonly image: ProjectImage | null;
  readonly task_type: TaskType;
  readonly patch: (image_id: number, fields: Partial<ProjectImage>) => void;
  readonly next: (() => void) | null;
}

/** What people do to each other's work on the open image: comments with their pins, and verdicts. */
export function useTeamwork({ dataset, image, task_type, patch, next }: Teamwork) {
  const editor = useEditor();
  const { project_id, role } = dataset;
  const comments = useImageComments(project_id, image?.id ?? null);
  const reviewing = useReviewing({ project_id, image, task_type, patch, next });
  const [panelOpen, setPanelOpen] = useState(false);
  const [asking, setAsking] = useState(false);
  const [placing, setPlacing] = useState(false);
  const [point, setPoint] = useState<[number, number] | null>(null);
  const [currentId, setCurrentId] = useState<number | null>(null);
  const [shownImage, setShownImage] = useState(image?.id);
  if (shownImage !== image?.id) {
    // What was begun on one image does not belong to the next.
    setShownImage(image?.id);
    setPlacing(false);
    setPoint(null);
    setCurrentId(null);
    setAsking(false);
  }
  const mayComment = can(role, 'comment.create');
  const mayReview = can(role, 'annotation.review');

  const startPlacing = useCallback(() => setPlacing(true), []);
  const stopPlacing = useCallback(() => setPlacing(false), []);
  const forgetPoint = useCallback(() => setPoint(null), []);
  const place = useCallback((at: [number, number]) => {
    setPlacing(false);
    setPoint(at);
    setPanelOpen(true);
  }, []);
  const openThread = useCallback((id: number) => {
    setCurrentId(id);
    setPanelOpen(true);
  }, []);

  const verifyAndNext = useEffectEvent(() => {
    const chosen = editor.selection.flatMap((id) => editor.shape(id) ?? []);
    const labels = chosen.flatMap(({ annotation_id, version, state }) =>
      annotation_id !== null && REVIEWED_FROM.verify.includes(state) ? [{ annotation_id, version }] : [],
    );
    void reviewing.decide('verify', labels);
  });
  useEffect(
    () =>
      editor.registerActions(
        teamworkActions({
          review: mayReview ? { verifyAndNext: () => verifyAndNext(), reject: () => setAsking(true) } : null,
          placeComment: mayComment ? startPlacing : null,
          toggleComments: () => setPanelOpen((open) => !open),
        }),
      ),
    [editor, mayReview, mayComment, startPlacing],
  );

  return {
    comments,
    reviewing,
    panelOpen,
    setPanelOpen,
    asking,
    setAsking,
    placing,
    startPlacing,
    stopPlacing,
    point,
    place,
    forgetPoint,
    currentId,
    openThread,
  };
}
