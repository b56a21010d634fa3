'use client';

import type { Dataset, Me } from '@labelyard/contract';
import { can, type ImageStatus, type TaskType } from '@labelyard/domain';
import type { ClassStyle, Painter } from '@labelyard/editor';
import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useErrorText } from '@/error-text';
import { DeleteImagesDialog } from '@/features/deletion/delete-images-dialog';
import { PeopleHere } from '@/features/events/people-here';
import { useLiveQueries } from '@/features/events/use-live-queries';
import { useLiveView } from '@/features/events/use-live-view';
import type { Walk } from '@/features/tasks/task-links';
import { EmptyState, ErrorState } from '@/ui/states';
import { toast } from '@/ui/toast-store';
import { CanvasHost } from './canvas-host';
import { hostActions } from './host-actions';
import { ActionPalette } from './panels/action-palette';
import { ClassPicker } from './panels/class-picker';
import { DeletedBanner } from './panels/deleted-banner';
import { LockBanner } from './panels/lock-banner';
import { HelpSheet } from './panels/help-sheet';
import { ImageStrip } from './panels/image-strip';
import { OtherTabNote } from './panels/other-tab-note';
import { PastToggle } from './panels/past-toggle';
import { ProblemDialog } from './panels/problem-dialog';
import { SaveIndicator } from './panels/save-indicator';
import { ShapeHistory } from './panels/shape-history';
import { ShapeList } from './panels/shape-list';
import { ToolRail } from './panels/tool-rail';
import { TopBar } from './panels/top-bar';
import { useStrip } from './panels/use-strip';
import { useConfirming } from './session/use-confirming';
import { useImageQueue } from './session/use-image-queue';
import { useDeleted } from './session/use-deleted';
import { useHold, useHoldState } from './session/use-hold';
import { useEditorPart, useOpenState, useSaveState, useSession } from './session/use-session';
import { useTask } from './session/use-task';
import { useUnsavedGuard } from './session/use-unsaved-guard';
import { CommentPins, PlacePin } from './teamwork/comment-pins';
import { CommentsPanel } from './teamwork/comments-panel';
import { CommentsToggle } from './teamwork/comments-toggle';
import { RejectionNote, ReviewBar } from './teamwork/review-bar';
import { TaskBar } from './teamwork/task-bar';
import { useTeamwork } from './teamwork/use-teamwork';

/** Colour of labels without a class. */
const CLASSLESS = '#9aa3a0';

export interface WorkbenchViewProps {
  readonly dataset: Dataset;
  readonly me: Me;
  readonly walk: Walk;
  readonly image_id: number | null;
  readonly task_type: TaskType;
  readonly onPainter: (painter: Painter | null) => void;
}

/** The page once its session runs: canvas in the middle, everything else around it. */
export function WorkbenchView({ dataset, me, walk, image_id, task_type: firstTask, onPainter }: WorkbenchViewProps) {
  const t = useTranslations('workbench');
  const errorText = useErrorText();
  const { editor } = useSession();
  const openState = useOpenState();
  const hold = useHold(dataset, me.id, openState.kind === 'empty' ? null : openState.image.id);
  const holder = useHoldState(hold);
  const live = useLiveView(dataset.project_id);
  const { task_type, changeTask, classes, allClasses } = useTask(dataset, firstTask, holder !== null);
  const firstStatus = walk.review ? 'completed' : null;
  const [status, setStatus] = useState<ImageStatus | null>(firstStatus);
  const [anchor] = useState(image_id);
  const filter = useMemo(() => ({ task_type, status, task_id: walk.task_id }), [task_type, status, walk.task_id]);
  const strip = useStrip(dataset.project_id, filter, status === firstStatus ? anchor : null);
  const { open, image, openImage, step, hasPrevious, hasNext } = useImageQueue(strip, task_type, anchor, walk);
  const next = useMemo(() => (hasNext ? () => step(1) : null), [hasNext, step]);
  const { busy, setConfirmed } = useConfirming({ image, task_type, patch: strip.patch, next });
  const teamwork = useTeamwork({ dataset, image, task_type, patch: strip.patch, next });
  const [helpOpen, setHelpOpen] = useState(false);
  const [paletteOpen, setPaletteOpen] = useState(false);
  const [problemsOpen, setProblemsOpen] = useState(false);
  const [deleting, setDeleting] = useState<number | null>(null);
  const shown_id = image?.id ?? null;
  const deleted = useDeleted(dataset, shown_id);
  const mayDelete = can(dataset.role, 'image.delete');
  const classInput = useRef<HTMLInputElement>(null);
  const save = useSaveState();
  const unsaved = save.kind === 'saved' ? 0 : save.pending;
  useLiveQueries(dataset.project_id, dataset.id);
  useUnsavedGuard();
  useStripFollowsHand(strip.patch);
  useNotices();

  useEffect(
    () =>
      editor.registerActions(
        hostActions({
          step,
          confirmAndNext: () => void setConfirmed(true),
          help: () => setHelpOpen(true),
          findClass: () => classInput.current?.focus(),
          palette: () => setPaletteOpen(true),
          deleteImage: mayDelete ? () => setDeleting(shown_id) : null,
        }),
      ),
    [editor, step, setConfirmed, mayDelete, shown_id],
  );

  const styles = useMemo(
    () => new Map(allClasses.map(({ id, color, name }): [number, ClassStyle] => [id, { color, name }])),
    [allClasses],
  );
  const classless = t('shapes.no_class');
  const classStyle = useCallback(
    (class_id: number | null): ClassStyle => styles.get(class_id ?? 0) ?? { color: CLASSLESS, name: classless },
    [styles, classless],
  );

  return (
    <div data-full-page className="flex h-dvh flex-col overflow-hidden">
      <TopBar
        dataset={dataset}
        image={image}
        task_type={task_type}
        busy={busy}
        locked={holder !== null}
        people={<PeopleHere projectId={dataset.project_id} me={me.id} className="max-md:hidden" />}
        hasPrevious={hasPrevious}
        hasNext={hasNext}
        onTask={changeTask}
        onStep={step}
        onConfirm={() => void setConfirmed(true)}
        onReopen={() => void setConfirmed(false)}
        save={
          <>
            <SaveIndicator onProblems={() => setProblemsOpen(true)} />
            <PastToggle dataset={dataset} image={image} classes={allClasses} />
            <CommentsToggle teamwork={teamwork} />
          </>
        }
      />
      {walk.task_id !== null ? (
        <TaskBar
          dataset={dataset}
          me={me}
          task_id={walk.task_id}
          progressed={`${image?.id} ${image?.statuses[task_type]}`}
        />
      ) : null}
      {can(dataset.role, 'annotation.review') ? (
        <ReviewBar
          image={image}
          task_type={task_type}
          reviewing={teamwork.reviewing}
          asking={teamwork.asking}
          onAsk={teamwork.setAsking}
        />
      ) : null}
      <RejectionNote
        image={image}
        task_type={task_type}
        threads={teamwork.comments.threads}
        onShow={() => teamwork.setPanelOpen(true)}
      />
      <div className="relative flex min-h-0 flex-1">
        <ToolRail onHelp={() => setHelpOpen(true)} />
        <main id="content" className="relative min-w-0 flex-1 bg-canvas">
          <CanvasHost classStyle={classStyle} onPainter={onPainter} />
          {open.kind === 'ready' ? (
            <CommentPins
              threads={teamwork.comments.threads}
              currentId={teamwork.currentId}
              onOpen={teamwork.openThread}
            />
          ) : null}
          {teamwork.placing ? <PlacePin onPlace={teamwork.place} onCancel={teamwork.stopPlacing} /> : null}
          {deleted && image ? (
            <DeletedBanner dataset={dataset} imageId={image.id} deleted={deleted.image} unsaved={unsaved} />
          ) : null}
          {holder && !deleted ? (
            <LockBanner
              holder={holder}
              unsaved={unsaved}
              onTakeOver={can(dataset.role, 'lock.force') ? () => hold.takeOver() : null}
            />
          ) : null}
          {image && !holder ? <OtherTabNote userId={me.id} imageId={image.id} /> : null}
          {open.kind === 'opening' ? <OpeningMark /> : null}
          {open.kind === 'failed' ? (
            <ErrorState
              className="absolute inset-0 justify-center bg-canvas"
              title={t('open_failed')}
              detail={errorText(open.error).detail}
              onRetry={() => openImage(open.image)}
            />
          ) : null}
          {strip.isError && strip.images.length === 0 ? (
            <ErrorState
              className="absolute inset-0 justify-center bg-canvas"
              title={t('list_failed')}
              onRetry={() => void strip.refetch()}
            />
          ) : null}
          {strip.isSuccess && strip.images.length === 0 && open.kind === 'empty' ? (
            <EmptyState className="absolute inset-0 justify-center bg-canvas" title={t('no_images')}>
              {t('no_images_detail')}
            </EmptyState>
          ) : null}
        </main>
        <aside className="flex w-68 shrink-0 flex-col border-l bg-surface max-md:hidden" aria-label={t('side_panel')}>
          <ClassPicker classes={classes} role={dataset.role} dataset_id={dataset.id} inputRef={classInput} />
          <ShapeList classes={allClasses} rejections={teamwork.comments.rejections} />
          <ShapeHistory classes={allClasses} role={dataset.role} />
        </aside>
        {teamwork.panelOpen && image ? (
          <CommentsPanel
            key={image.id}
            dataset={dataset}
            me={me}
            image_id={image.id}
            comments={teamwork.comments}
            currentId={teamwork.currentId}
            point={teamwork.point}
            onPlace={teamwork.startPlacing}
            onPointUsed={teamwork.forgetPoint}
            onClose={() => teamwork.setPanelOpen(false)}
          />
        ) : null}
      </div>
      <ImageStrip
        images={strip.images}
        live={live}
        me={me.id}
        currentId={image?.id ?? null}
        status={status}
        onStatus={setStatus}
        onOpen={openImage}
        onEnd={strip.loadNext}
        onStart={strip.loadPrevious}
      />
      <HelpSheet open={helpOpen} onOpenChange={setHelpOpen} />
      <ActionPalette open={paletteOpen} onOpenChange={setPaletteOpen} />
      {deleting !== null ? (
        <DeleteImagesDialog
          dataset={dataset}
          chosen={{ image_ids: [deleting] }}
          onClose={() => setDeleting(null)}
          onDone={() => {
            setDeleting(null);
            step(1);
          }}
        />
      ) : null}
      <ProblemDialog open={problemsOpen} onOpenChange={setProblemsOpen} classes={allClasses} />
    </div>
  );
}

/** Count and status in the strip follow the hand; the server's word comes with the next reading of the list. */
function useStripFollowsHand(patch: ReturnType<typeof useStrip>['patch']): void {
  const { editor } = useSession();
  useEffect(
    () =>
      editor.onDiff(({ image_id, source }) => {
        if (source === 'remote') return;
        const annotation_count = editor.shapes.length;
        patch(image_id, { annotation_count, status: annotation_count > 0 ? 'in_progress' : 'not_started' });
      }),
    [editor, patch],
  );
}

/** Says in words why the editor refused something. */
function useNotices(): void {
  const t = useTranslations('workbench.notices');
  const notice = useEditorPart((snapshot) => snapshot.notice);
  useEffect(() => {
    if (notice) toast.info(t(notice.code));
  }, [notice, t]);
}

function OpeningMark() {
  const t = useTranslations('workbench');
  return (
    <div role="status" className="pointer-events-none absolute inset-x-0 top-0 h-0.5 overflow-hidden">
      <span className="sr-only">{t('opening')}</span>
      <span className="block h-full w-full animate-breathe bg-accent" />
    </div>
  );
}
