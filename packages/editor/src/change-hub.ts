/** What may change between two paints. Painters and views read only what was touched. */
export type EditorPart =
  | 'image'
  | 'shapes'
  | 'selection'
  | 'camera'
  | 'draft'
  | 'cursor'
  | 'hover'
  | 'tool'
  | 'view'
  | 'session'
  | 'history'
  | 'notice';

export type ChangeListener = (parts: ReadonlySet<EditorPart>) => void;

/** Collects touched parts and tells listeners once per outermost batch. */
export class ChangeHub {
  private readonly listeners = new Set<ChangeListener>();
  private touched = new Set<EditorPart>();
  private depth = 0;

  /** Arrow property: stable and unbound, as React's `useSyncExternalStore` wants it. */
  readonly subscribe = (listener: ChangeListener): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  touch(...parts: EditorPart[]): void {
    for (const part of parts) this.touched.add(part);
    if (this.depth === 0) this.flush();
  }

  batch<T>(work: () => T): T {
    this.depth++;
    try {
      return work();
    } finally {
      this.depth--;
      if (this.depth === 0) this.flush();
    }
  }

  private flush(): void {
    if (this.touched.size === 0) return;
    const parts = this.touched;
    this.touched = new Set();
    for (const listener of [...this.listeners]) listener(parts);
  }
}
