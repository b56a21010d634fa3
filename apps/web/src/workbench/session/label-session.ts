import {
  ApiError,
  type Client,
  type EndpointInput,
  type Endpoints,
  type LabelClass,
  type ProjectImage,
  type ReviewAnswer,
} from '@labelyard/contract';
import type { TaskType } from '@labelyard/domain';
import { createEditor, shapeFromAnnotation, type Editor, type Shape, type ShapeId } from '@labelyard/editor';
import type { Outbox } from '../saving/outbox';
import type { BitmapCache, Bitmap } from './bitmap-cache';

/** What the workbench shows of opening an image. */
export type OpenState =
  | { readonly kind: 'empty' }
  | { readonly kind: 'opening'; readonly image: ProjectImage }
  | { readonly kind: 'ready'; readonly image: ProjectImage }
  | { readonly kind: 'failed'; readonly image: ProjectImage; readonly error: unknown };

export interface LabelSessionOptions<B extends Bitmap> {
  readonly project_id: number;
  readonly api: Client;
  readonly outbox: Outbox;
  readonly bitmaps: BitmapCache<B>;
  /** Puts the picture on screen; null takes it away. */
  readonly showBitmap: (bitmap: B | null) => void;
  readonly editor?: Editor;
  readonly onClosed?: () => void;
}

interface Loaded {
  readonly shapes: readonly Shape[];
  readonly at: number;
  /** Of the image's outbox when the reading began. */
  readonly traffic: number;
}

/** `unsaved`: not everything could be saved, so nothing was confirmed. */
export type ConfirmOutcome = 'done' | 'waits' | 'unsaved';

/** How long annotations loaded ahead are good enough to be shown; versions catch what changed since. */
const FRESH_MS = 10_000;

/** One person labeling one project: opens images into the editor, keeps neighbours ready, hands edits to the outbox. */
export class LabelSession<B extends Bitmap = ImageBitmap> {
  readonly editor: Editor;
  readonly outbox: Outbox;
  private readonly listeners = new Set<() => void>();
  private readonly ahead = new Map<number, Promise<Loaded>>();
  private current: OpenState = { kind: 'empty' };
  private opening = 0;
  private readonly stopRecording: () => void;

  constructor(private readonly options: LabelSessionOptions<B>) {
    this.outbox = options.outbox;
    this.editor = options.editor ?? createEditor();
    this.stopRecording = this.editor.onDiff((event) => options.outbox.record(event));
  }

  get state(): OpenState {
    return this.current;
  }

  /** Whether this image is on screen and can be worked on. */
  isOpen(image_id: number): boolean {
    return this.editor.image?.id === image_id;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  setClasses(classes: readonly LabelClass[], task_type: TaskType): void {
    this.editor.setClasses(classes.filter((labelClass) => labelClass.task_type === task_type));
  }

  /**
   * Opens an image: unanswered operations of it first, then its rows, then the journal's edits on top. Picture and rows
   * come side by side. A later call wins over an earlier one that is still loading.
   */
  async open(image: ProjectImage): Promise<void> {
    const turn = ++this.opening;
    const isCurrent = () => turn === this.opening;
    void this.outbox.flush();
    this.editor.unload();
    this.options.showBitmap(null);
    this.tell({ kind: 'opening', image });
    try {
      const [bitmap, first] = await Promise.all([this.bitmap(image), this.rows(image.id)]);
      let loaded = first;
      while (isCurrent() && !this.isSteady(image.id, loaded)) loaded = await this.rows(image.id);
      if (!isCurrent()) return;
      this.load(image, loaded.shapes);
      this.options.showBitmap(bitmap);
      this.tell({ kind: 'ready', image });
    } catch (error) {
      if (isCurrent()) this.tell({ kind: 'failed', image, error });
    }
  }

  /** Starts loading what will be wanted next, nearest first. */
  prefetch(images: readonly ProjectImage[]): void {
    this.options.bitmaps.prefetch(images);
    const wanted = new Set(images.map((image) => image.id));
    for (const id of this.ahead.keys()) if (!wanted.has(id)) this.ahead.delete(id);
    for (const { id } of images) {
      if (this.ahead.has(id)) continue;
      const loading = this.fetchRows(id);
      loading.catch(() => this.ahead.delete(id));
      this.ahead.set(id, loading);
    }
  }

  /** What was loaded ahead of an image is not true any more. */
  forget(image_id: number): void {
    this.ahead.delete(image_id);
  }

  /**
   * The open image was changed on the server: shows it as it is there. Edits that are not saved yet stay as they are. What cannot be read
   * now is read on the next occasion; until then versions keep it safe.
   */
  async reload(image_id: number): Promise<void> {
    this.forget(image_id);
    if (this.current.kind !== 'ready') return;
    await this.refresh(image_id).catch(() => undefined);
  }

  /** Saves what is open, then says that the image is done; in maintenance both wait in the journal. */
  async confirm(task_type: TaskType): Promise<ConfirmOutcome> {
    return this.setConfirmed('images.confirm', task_type);
  }

  async unconfirm(task_type: TaskType): Promise<ConfirmOutcome> {
    return this.setConfirmed('images.unconfirm', task_type);
  }

  /** Saves what is open, then gives a reviewer's verdict. Null when not everything could be saved. */
  async review(body: EndpointInput<Endpoints['review.decide']>['body']): Promise<ReviewAnswer | null> {
    const image_id = this.editor.image?.id;
    if (image_id === undefined) return null;
    await this.outbox.flush();
    if (!this.outbox.isSaved(image_id)) return null;
    const params = { project_id: this.options.project_id };
    const answer = await this.options.api('review.decide', { params, body });
    await this.reload(image_id);
    return answer;
  }

  /** Decides a conflict and shows the outcome. */
  resolve(image_id: number, shape_id: ShapeId, winner: 'mine' | 'theirs'): void {
    const theirs = this.outbox.resolve(image_id, shape_id, winner);
    if (winner === 'theirs') this.showTheirs(image_id, shape_id, theirs);
  }

  /** Decides everything that was refused for want of a right, and shows the outcome. */
  resolveRefused(winner: 'mine' | 'theirs'): void {
    const decided = this.outbox.resolveRefused(winner);
    if (winner === 'theirs')
      for (const { image_id, entry } of decided) this.showTheirs(image_id, entry.shape_id, entry.base);
  }

  /** The page is left. What was not sent yet goes out now, the outbox lives on until somebody closes it. */
  close(): void {
    this.opening++;
    this.stopRecording();
    this.options.bitmaps.clear();
    this.editor.unload();
    this.options.onClosed?.();
    void this.outbox.flush();
  }

  private showTheirs(image_id: number, shape_id: ShapeId, theirs: Shape | null): void {
    const annotation_id = this.editor.shape(shape_id)?.annotation_id;
    if (theirs && theirs.annotation_id !== null) {
      this.editor.applyRemote(image_id, {
        rows: [{ ...theirs, annotation_id: theirs.annotation_id }],
        prefer: 'theirs',
      });
    } else if (annotation_id != null) {
      this.editor.applyRemote(image_id, { removed_annotation_ids: [annotation_id], prefer: 'theirs' });
    } else {
      this.editor.applyRemote(image_id, { discarded_ids: [shape_id] });
    }
  }

  private async setConfirmed(
    call: 'images.confirm' | 'images.unconfirm',
    task_type: TaskType,
  ): Promise<ConfirmOutcome> {
    const image_id = this.editor.image?.id;
    if (image_id === undefined) return 'unsaved';
    const { outbox } = this;
    await outbox.flush();
    const later = async (): Promise<ConfirmOutcome> => {
      // A label that needs a decision stays the person's to settle first.
      if (outbox.of(image_id).problems.length > 0) return 'unsaved';
      await outbox.confirmLater({ image_id, task_type, confirmed: call === 'images.confirm' });
      return 'waits';
    };
    if (outbox.inMaintenance) return later();
    if (!outbox.isSaved(image_id)) return 'unsaved';
    try {
      await this.options.api(call, { params: { project_id: this.options.project_id, image_id }, body: { task_type } });
    } catch (error) {
      if (error instanceof ApiError && error.code === 'maintenance') return later();
      throw error;
    }
    await this.reload(image_id);
    return 'done';
  }

  /** Takes in the server's rows of the open image: confirming changed their state and version. */
  private async refresh(image_id: number): Promise<void> {
    let loaded: Loaded;
    do {
      // What waits unanswered is taken in with the answer.
      if (!this.isOpen(image_id) || !(await this.outbox.isReady(image_id))) return;
      loaded = await this.fetchRows(image_id);
    } while (!this.isSteady(image_id, loaded));
    if (!this.isOpen(image_id)) return;
    const { shapes } = loaded;
    const rows = shapes.flatMap((shape) =>
      shape.annotation_id === null ? [] : { ...shape, annotation_id: shape.annotation_id },
    );
    const there = new Set(rows.map(({ annotation_id }) => annotation_id));
    const unsaved = new Set(this.outbox.of(image_id).all.map(({ shape_id }) => shape_id));
    const removed_annotation_ids = this.editor.shapes.flatMap(({ id, annotation_id }) =>
      annotation_id === null || there.has(annotation_id) || unsaved.has(id) ? [] : annotation_id,
    );
    this.editor.applyRemote(image_id, { rows, removed_annotation_ids, prefer: 'mine' });
  }

  private async bitmap(image: ProjectImage): Promise<B> {
    try {
      return await this.options.bitmaps.show(image);
    } catch {
      // The link may have run out in a long queue: ask for a fresh one before giving up.
      const params = { project_id: this.options.project_id, image_id: image.id };
      return this.options.bitmaps.show(await this.options.api('images.get', { params }));
    }
  }

  private async rows(image_id: number): Promise<Loaded> {
    if (!(await this.outbox.isReady(image_id))) {
      throw new ApiError(0, 'unreachable', 'Edits of this image are still on their way to the server');
    }
    const ahead = await this.ahead.get(image_id)?.catch(() => undefined);
    this.ahead.delete(image_id);
    if (ahead && Date.now() - ahead.at < FRESH_MS && this.isSteady(image_id, ahead)) return ahead;
    return this.fetchRows(image_id);
  }

  private async fetchRows(image_id: number): Promise<Loaded> {
    const { traffic } = this.outbox.of(image_id);
    const params = { project_id: this.options.project_id, image_id };
    const { items } = await this.options.api('annotations.of_image', { params });
    return { shapes: items.map(shapeFromAnnotation), at: Date.now(), traffic };
  }

  /** Whether no edit was on its way since the reading began: then each is either in the rows or in the outbox. */
  private isSteady(image_id: number, { traffic }: Loaded): boolean {
    const outbox = this.outbox.of(image_id);
    return !outbox.hasUnanswered && outbox.traffic === traffic;
  }

  private load(image: ProjectImage, stored: readonly Shape[]): void {
    const outbox = this.outbox.of(image.id);
    // Shapes of an earlier life of the tab keep the ids their journaled edits speak of.
    const known = outbox.all.flatMap(({ base }) =>
      base?.annotation_id == null ? [] : { sent: base, saved: { ...base, annotation_id: base.annotation_id } },
    );
    this.editor.markSaved(image.id, known);
    this.editor.load(image, stored, outbox.restoredEdits(stored));
  }

  private tell(state: OpenState): void {
    this.current = state;
    for (const listener of this.listeners) listener();
  }
}
