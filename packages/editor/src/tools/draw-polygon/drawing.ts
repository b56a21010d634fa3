import { distance, type ImagePoint, type ScreenPoint } from '../../camera/points.js';
import { clampedPoint, finishDrawing } from '../../commands/drawing.js';
import { reachOf } from '../../picking.js';
import type { StateInfos } from '../state-infos.js';
import { DRAG_DISTANCE, StateNode, type PointerInfo } from '../state-node.js';

/** Vertices a polygon needs. */
const LEAST_POINTS = 3;

/**
 * Vertices are being put down, one per click, on release. The polygon is closed by a click on its first vertex, a double
 * click, or Enter; undo and Backspace take back the last vertex, redo brings it again, Escape forgets everything.
 */
export class DrawPolygonDrawing extends StateNode<'draw_polygon.drawing'> {
  private points: readonly ImagePoint[] = [];
  private undone: readonly ImagePoint[] = [];
  private pressed: ScreenPoint | null = null;
  private rubber: ImagePoint | null = null;

  override enter({ first, pressed }: StateInfos['draw_polygon.drawing']): void {
    this.points = pressed ? [] : [first];
    this.undone = [];
    this.pressed = pressed;
    this.rubber = first;
    this.model.crosshair.moved_by = pressed ? 'pointer' : this.model.crosshair.moved_by;
    this.show();
  }

  override exit(): void {
    this.points = [];
    this.pressed = null;
    this.model.draft.clear();
  }

  override pointerDown({ screen, image }: PointerInfo): void {
    this.pressed = screen;
    this.rubber = clampedPoint(this.model, image);
    this.show();
  }

  override pointerMove({ image }: PointerInfo): void {
    this.rubber = clampedPoint(this.model, image);
    this.show();
  }

  override pointerUp({ screen, image, pointer }: PointerInfo): void {
    const { pressed } = this;
    if (!pressed) return;
    this.pressed = null;
    // A click that trembled goes where it was pressed; a real drag adjusts the vertex until release.
    const still = distance(screen, pressed) < DRAG_DISTANCE;
    const point = clampedPoint(this.model, still ? this.model.camera.toImage(pressed) : image);
    const reach = reachOf(pointer);
    if (this.closes(point, reach)) this.close();
    else if (!this.near(this.points.at(-1), point, DRAG_DISTANCE)) this.put(point);
  }

  override doubleClick(): void {
    if (this.points.length >= LEAST_POINTS) this.close();
    // The second half of a double click that closed the polygon before.
    else if (this.points.length === 1) this.cancel();
  }

  /** Enter puts a vertex when arrow keys brought the crosshair there, and closes the polygon otherwise. */
  override complete(): boolean {
    const { crosshair } = this.model;
    const last = this.points.at(-1);
    const { point } = crosshair;
    const arrived =
      crosshair.moved_by === 'keyboard' && point && last && (point[0] !== last[0] || point[1] !== last[1]);
    if (arrived && !this.closes(point, 1)) this.put(clampedPoint(this.model, point));
    else this.close();
    return true;
  }

  override cancel(): boolean {
    this.transition('draw_polygon.idle', undefined);
    return true;
  }

  /** The press is forgotten, the vertices stay. */
  override interrupt(): void {
    this.pressed = null;
    if (this.points.length === 0) this.cancel();
  }

  override undo(): boolean {
    const last = this.points.at(-1);
    if (!last || this.points.length === 1) return this.cancel();
    this.points = this.points.slice(0, -1);
    this.undone = [...this.undone, last];
    this.show();
    return true;
  }

  override redo(): boolean {
    const next = this.undone.at(-1);
    if (next) {
      this.points = [...this.points, next];
      this.undone = this.undone.slice(0, -1);
      this.show();
    }
    return true;
  }

  override remove(): boolean {
    return this.undo();
  }

  override nudge(dx: number, dy: number): boolean {
    this.rubber = this.model.crosshair.step(dx, dy);
    this.show();
    return true;
  }

  override get cursor(): string {
    return 'crosshair';
  }

  private put(point: ImagePoint): void {
    this.points = [...this.points, point];
    this.undone = [];
    this.rubber = point;
    this.show();
  }

  private close(): void {
    if (this.points.length < LEAST_POINTS) {
      this.model.session.refuse('too_few_points');
      return;
    }
    if (finishDrawing(this.model, 'polygon', this.points) === 'done') this.transition('draw_polygon.idle', undefined);
  }

  private closes(point: ImagePoint, reach: number): boolean {
    return this.points.length >= LEAST_POINTS && this.near(this.points[0], point, reach);
  }

  /** Whether two image points are closer than `reach` CSS pixels. */
  private near(a: ImagePoint | undefined, b: ImagePoint, reach: number): boolean {
    return a !== undefined && distance(a, b) * this.model.camera.state.zoom < reach;
  }

  private show(): void {
    const { points, rubber } = this;
    const closing = rubber !== null && this.closes(rubber, reachOf('mouse'));
    const ring = rubber && !closing ? [...points, rubber] : points;
    this.model.draft.set({
      drawing: {
        geometry: ring.length >= LEAST_POINTS ? { type: 'polygon', polygons: [[ring, []]] } : null,
        points,
        rubber,
        closing,
      },
    });
  }
}
