import { distance, type ScreenPoint } from '../camera/points.js';
import type { EditorModel } from '../editor-model.js';
import type { PinchEventInfo, PointerEventInfo, WheelEventInfo } from '../input-event.js';
import type { StateInfos, StatePath } from './state-infos.js';
import type { PointerInfo, StateNode, Transitions } from './state-node.js';
import { STATES, TOOLS, type ToolId } from './tool-table.js';

/** Wheel distance (CSS pixels) that doubles the zoom. */
const WHEEL_DOUBLES = 400;
const MIDDLE_BUTTON = 1;

/**
 * The root of the state machine: one state at a time. Panning by middle button or Space, wheel and pinch belong to the
 * root, so that they work in the middle of any drawing without leaving it.
 */
export class ToolMachine implements Transitions {
  path: StatePath = 'select.idle';
  private current: StateNode;
  private readonly nodes = new Map<StatePath, StateNode>();
  /** Last pointer position of a pan in progress. */
  private panning: ScreenPoint | null = null;
  private space = false;
  private lastPointer: ScreenPoint | null = null;

  constructor(private readonly model: EditorModel) {
    this.current = this.node('select.idle');
  }

  get state(): StateNode {
    return this.current;
  }

  get tool(): ToolId {
    return this.path.split('.')[0] as ToolId;
  }

  get cursor(): string {
    if (this.panning) return 'grabbing';
    return this.space ? 'grab' : this.current.cursor;
  }

  transition<P extends StatePath>(path: P, info: StateInfos[P]): void {
    this.current.exit();
    const next = this.node(path);
    this.current = next;
    this.path = path;
    next.enter(info);
    this.model.hub.touch('tool');
  }

  /** Leaves whatever is going on without a trace and takes up a tool. */
  setTool(tool: ToolId): void {
    const { task_type } = TOOLS[tool];
    if (task_type !== null) this.model.session.set({ active_task_type: task_type });
    this.panning = null;
    if (this.path !== `${tool}.idle`) this.transition(`${tool}.idle`, undefined);
  }

  /** Drops what is unfinished and stays with the tool: another image was opened. */
  reset(): void {
    this.setTool(this.tool);
  }

  pointer(event: PointerEventInfo): void {
    const { point, button, type } = event;
    if (type === 'pointer_down' && (button === MIDDLE_BUTTON || (this.space && button === 0)))
      return this.setPan(point);
    if (this.panning) {
      if (type === 'pointer_move') {
        this.model.camera.panBy(point[0] - this.panning[0], point[1] - this.panning[1]);
        this.panning = point;
      } else if (type === 'pointer_up') this.setPan(null);
      return;
    }
    const image = this.model.camera.toImage(point);
    const info: PointerInfo = { ...event, screen: point, image };
    if (type === 'pointer_move' || type === 'pointer_down') this.follow(info);
    if (type === 'pointer_move') this.current.pointerMove(info);
    else if (button !== 0) return;
    else if (type === 'pointer_down') this.current.pointerDown(info);
    else if (type === 'pointer_up') this.current.pointerUp(info);
    else this.current.doubleClick(info);
  }

  wheel({ point, dx, dy, zoom }: WheelEventInfo): void {
    if (zoom) this.model.camera.zoomBy(2 ** (-dy / WHEEL_DOUBLES), point);
    else this.model.camera.panBy(-dx, -dy);
  }

  pinch({ point, scale, dx, dy }: PinchEventInfo): void {
    this.model.camera.panBy(dx, dy);
    if (scale > 0) this.model.camera.zoomBy(scale, point);
  }

  interrupt(): void {
    this.setPan(null);
    this.holdSpace(false);
    this.current.interrupt();
  }

  /** While Space is down, dragging pans. */
  holdSpace(down: boolean): void {
    if (this.space === down) return;
    this.space = down;
    this.model.hub.touch('tool');
  }

  /** A resting pointer that reports itself again does not take the crosshair away from the keys. */
  private follow({ image, screen }: PointerInfo): void {
    const { crosshair } = this.model;
    const resting = this.lastPointer && distance(this.lastPointer, screen) === 0;
    this.lastPointer = screen;
    if (!resting || crosshair.moved_by === 'pointer') crosshair.follow(image);
  }

  private setPan(at: ScreenPoint | null): void {
    if (this.panning === at) return;
    this.panning = at;
    this.model.hub.touch('tool');
  }

  private node(path: StatePath): StateNode {
    let node = this.nodes.get(path);
    if (!node) this.nodes.set(path, (node = new STATES[path](this.model, this) as StateNode));
    return node;
  }
}
