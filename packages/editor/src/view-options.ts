import type { ChangeHub } from './change-hub.js';

/** How labels are shown. Nothing here is saved with an annotation. */
export interface ViewState {
  readonly show_shapes: boolean;
  readonly show_names: boolean;
  readonly show_crosshair: boolean;
  /** Fill opacity of shapes, 0 to 1. */
  readonly opacity: number;
  readonly hidden_class_ids: ReadonlySet<number>;
}

export class ViewOptions {
  state: ViewState = {
    show_shapes: true,
    show_names: true,
    show_crosshair: true,
    opacity: 0.25,
    hidden_class_ids: new Set(),
  };

  constructor(private readonly hub: ChangeHub) {}

  set(fields: Partial<ViewState>): void {
    this.state = { ...this.state, ...fields };
    this.hub.touch('view');
  }

  toggleClass(class_id: number): void {
    const hidden = new Set(this.state.hidden_class_ids);
    if (!hidden.delete(class_id)) hidden.add(class_id);
    this.set({ hidden_class_ids: hidden });
  }

  /** Whether a shape is on screen and can be picked. */
  isVisible(shape: { readonly class_id: number | null }): boolean {
    return this.state.show_shapes && (shape.class_id === null || !this.state.hidden_class_ids.has(shape.class_id));
  }
}
