import { History } from './history.js';
import type { Shape, ShapeId } from './shape.js';

/** Images whose undo stack is kept. The least recently visited goes first. */
export const REMEMBERED_IMAGES = 50;

interface Memory {
  readonly history: History;
  /** The client ids shapes had when they were made here: history knows them by those, not by the server's. */
  readonly client_ids: Map<number, ShapeId>;
}

/** What the editor remembers of images it left: undo stacks and the client ids they speak of. */
export class ImageMemory {
  private readonly images = new Map<number, Memory>();

  visit(image_id: number): History {
    const memory = this.of(image_id);
    this.images.delete(image_id);
    this.images.set(image_id, memory);
    for (const oldest of this.images.keys()) {
      if (this.images.size <= REMEMBERED_IMAGES) break;
      this.images.delete(oldest);
    }
    return memory.history;
  }

  remember(image_id: number, annotation_id: number, id: ShapeId): void {
    this.of(image_id).client_ids.set(annotation_id, id);
  }

  /** Gives shapes loaded from the server the client ids they had before. */
  recall(image_id: number, shapes: readonly Shape[]): Shape[] {
    const { client_ids } = this.of(image_id);
    return shapes.map((shape) => {
      const id = shape.annotation_id === null ? undefined : client_ids.get(shape.annotation_id);
      return id === undefined || id === shape.id ? shape : { ...shape, id };
    });
  }

  private of(image_id: number): Memory {
    let memory = this.images.get(image_id);
    if (!memory) this.images.set(image_id, (memory = { history: new History(), client_ids: new Map() }));
    return memory;
  }
}
