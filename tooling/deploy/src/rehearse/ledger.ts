/** An annotation as the server said it is. */
export interface KnownAnnotation {
  readonly id: number;
  readonly image_id: number;
  readonly version: number;
  /** Written into its attributes: which operation made it. */
  readonly made_by: string;
  readonly geometry: string;
}

/** An image as the server said it has it. */
export interface KnownImage {
  readonly id: number;
  readonly path: string;
  readonly sha256: string;
  readonly size_bytes: number;
}

/** What the server acknowledged, to be compared with what it has; and how long people had to wait. */
export class Ledger {
  readonly annotations = new Map<number, KnownAnnotation>();
  readonly deleted = new Set<number>();
  readonly images = new Map<string, KnownImage>();
  /** Operations and uploads begun; each is sent until it is answered. */
  attempted = 0;
  accepted = 0;
  /** Times a write was refused or not answered, and sent again. */
  retried = 0;
  #last_accepted = 0;
  #longest_wait_ms = 0;

  constructor(private readonly now: () => number = performance.now.bind(performance)) {}

  /** The longest time between two acknowledged writes, in seconds: what the freeze looks like from outside. */
  get longest_wait_seconds(): number {
    return this.#longest_wait_ms / 1000;
  }

  annotationIs(annotation: KnownAnnotation): void {
    this.#accept();
    this.annotations.set(annotation.id, annotation);
  }

  annotationIsGone(id: number): void {
    this.#accept();
    this.annotations.delete(id);
    this.deleted.add(id);
  }

  imageIs(image: KnownImage): void {
    this.#accept();
    this.images.set(image.path, image);
  }

  /** Waiting is measured from here: before it nobody wrote. */
  restartWaiting(): void {
    this.#last_accepted = 0;
    this.#longest_wait_ms = 0;
  }

  #accept(): void {
    const now = this.now();
    if (this.#last_accepted > 0) this.#longest_wait_ms = Math.max(this.#longest_wait_ms, now - this.#last_accepted);
    this.#last_accepted = now;
    this.accepted += 1;
  }
}
