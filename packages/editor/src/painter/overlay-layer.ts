import { geometryBounds, type Geometry, type Point } from '@labelyard/domain';
import type { EditorModel } from '../editor-model.js';
import { kindOf } from '../kinds/kind-table.js';
import { visibleHandles } from '../picking.js';
import type { ToolId } from '../tools/tool-table.js';
import { GUIDE, HALO, type ClassStyleResolver } from './class-style.js';
import { DeviceSink } from './device-sink.js';
import { paintGrips, paintPoints } from './grips.js';
import { BATCH, strokeLine } from './shape-brush.js';
import type { Sight } from './raster.js';
import { contextOf, wipe, type Context2D } from './surface.js';

/** With more selected or moved shapes than this, only boxes are shown around them. */
const MOST_OUTLINES = 300;

/** What moves or matters now: selection, the shape under the pointer, shapes in the hand, drawing, marquee, crosshair. */
export class OverlayLayer {
  private readonly context: Context2D;

  constructor(
    canvas: HTMLCanvasElement,
    private readonly model: EditorModel,
    private readonly style: { readonly resolve: ClassStyleResolver },
  ) {
    this.context = contextOf(canvas);
  }

  paint(sight: Sight | null, tool: ToolId): void {
    wipe(this.context);
    if (!sight) return;
    this.context.lineJoin = 'round';
    if (this.model.view.state.show_shapes) {
      this.paintHovered(sight);
      this.paintSelection(sight);
      if (tool === 'select') this.paintGrips(sight);
      this.paintMoved(sight);
    }
    this.paintGhost(sight);
    this.paintDrawing(sight);
    this.paintBrush(sight);
    if (tool.startsWith('draw_')) this.paintCrosshair(sight);
  }

  private paintHovered(sight: Sight): void {
    const { hovered, selection, store, draft } = this.model;
    const shape = hovered === null || selection.has(hovered) ? undefined : store.get(hovered);
    if (!shape || draft.state.moved.has(shape.id)) return;
    this.outline(sight, shape.geometry, this.style.resolve(shape.class_id).color, 2.5, 0.15);
  }

  private paintSelection(sight: Sight): void {
    const { draft, view, selectedShapes } = this.model;
    const resting = selectedShapes.filter((shape) => !draft.state.moved.has(shape.id) && view.isVisible(shape));
    if (resting.length > MOST_OUTLINES) {
      return this.paintBoxes(
        sight,
        resting.map(({ geometry }) => geometry),
      );
    }
    for (const shape of resting) {
      this.outline(sight, shape.geometry, this.style.resolve(shape.class_id).color, 3, 0.2);
    }
  }

  private paintGrips(sight: Sight): void {
    const { selection, store } = this.model;
    const only = selection.only === null ? undefined : store.get(selection.only);
    if (!only) return;
    const { color } = this.style.resolve(only.class_id);
    paintGrips(this.context, visibleHandles(this.model), selection.handle_id, sight, color);
  }

  /** Boxes around many shapes: enough to see what is meant, and quick. */
  private paintBoxes({ placement: { scale, x, y }, ratio }: Sight, geometries: readonly Geometry[]): void {
    this.context.globalAlpha = 0.7;
    for (let start = 0; start < geometries.length; start += BATCH) {
      this.context.beginPath();
      for (const geometry of geometries.slice(start, start + BATCH)) {
        const bounds = geometryBounds(geometry);
        if (!bounds) continue;
        this.context.rect(bounds[0] * scale + x, bounds[1] * scale + y, bounds[2] * scale, bounds[3] * scale);
      }
      strokeLine(this.context, GUIDE, ratio);
    }
    this.context.globalAlpha = 1;
  }

  private paintMoved(sight: Sight): void {
    const { moved } = this.model.draft.state;
    if (moved.size > MOST_OUTLINES) return this.paintBoxes(sight, [...moved.values()]);
    for (const [id, geometry] of moved) {
      const shape = this.model.store.get(id);
      if (shape) this.outline(sight, geometry, this.style.resolve(shape.class_id).color, 2.5, 0.25);
    }
  }

  private paintGhost({ placement, ratio }: Sight): void {
    const { ghost } = this.model;
    const kind = ghost && kindOf(ghost);
    if (!kind) return;
    this.context.beginPath();
    kind.path(ghost, new DeviceSink(this.context, placement));
    strokeLine(this.context, HALO, 4 * ratio);
    this.context.setLineDash([6 * ratio, 4 * ratio]);
    strokeLine(this.context, GUIDE, 2 * ratio);
    this.context.setLineDash([]);
  }

  private paintDrawing(sight: Sight): void {
    const { drawing } = this.model.draft.state;
    if (!drawing) return;
    const { color } = this.style.resolve(this.model.session.active_class_id);
    if (drawing.geometry) this.outline(sight, drawing.geometry, color, 2, 0.2);
    else {
      const line = drawing.rubber ? [...drawing.points, drawing.rubber] : drawing.points;
      this.polyline(sight, line);
      strokeLine(this.context, HALO, 4 * sight.ratio);
      strokeLine(this.context, color, 2 * sight.ratio);
    }
    paintPoints(this.context, drawing.points, drawing.closing, sight, color);
  }

  private paintBrush({ placement: { scale, x, y }, ratio }: Sight): void {
    const { brush } = this.model.draft.state;
    if (!brush) return;
    const [left, top] = [Math.min(brush.from[0], brush.to[0]), Math.min(brush.from[1], brush.to[1])];
    const [w, h] = [Math.abs(brush.to[0] - brush.from[0]), Math.abs(brush.to[1] - brush.from[1])];
    this.context.beginPath();
    this.context.rect(left * scale + x, top * scale + y, w * scale, h * scale);
    this.context.fillStyle = 'rgba(255, 255, 255, 0.12)';
    this.context.fill();
    strokeLine(this.context, HALO, 3 * ratio);
    this.context.setLineDash([5 * ratio, 4 * ratio]);
    strokeLine(this.context, GUIDE, ratio);
    this.context.setLineDash([]);
  }

  private paintCrosshair({ placement: { scale, x, y }, width, height, ratio }: Sight): void {
    const { crosshair, view } = this.model;
    if (!crosshair.point || !view.state.show_crosshair) return;
    const px = Math.round(crosshair.point[0] * scale + x) + 0.5;
    const py = Math.round(crosshair.point[1] * scale + y) + 0.5;
    this.context.beginPath();
    this.context.moveTo(0, py);
    this.context.lineTo(width, py);
    this.context.moveTo(px, 0);
    this.context.lineTo(px, height);
    strokeLine(this.context, HALO, 2.5 * ratio);
    strokeLine(this.context, GUIDE, ratio);
  }

  /** Outline with rim and fill; `width` in CSS pixels. */
  private outline(sight: Sight, geometry: Geometry, color: string, width: number, opacity: number): void {
    const kind = kindOf(geometry);
    if (!kind) return;
    const { context } = this;
    context.beginPath();
    kind.path(geometry, new DeviceSink(context, sight.placement));
    const rule = kind.fillRule(geometry);
    if (rule) {
      context.fillStyle = color;
      context.globalAlpha = opacity;
      context.fill(rule);
      context.globalAlpha = 1;
    }
    strokeLine(context, HALO, (width + 2) * sight.ratio);
    strokeLine(context, color, width * sight.ratio);
  }

  private polyline({ placement }: Sight, points: readonly Point[]): void {
    this.context.beginPath();
    const sink = new DeviceSink(this.context, placement);
    points.forEach(([x, y], i) => (i === 0 ? sink.moveTo(x, y) : sink.lineTo(x, y)));
  }
}
