/** A decoded picture with what it costs in memory. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  close(): void;
}

export interface BitmapSource {
  readonly id: number;
  readonly url: string;
}

interface Slot<B> {
  readonly promise: Promise<B>;
  readonly abort: AbortController;
  bitmap: B | null;
}

/** Decoded pictures kept: a 12-megapixel one takes 48 MB. */
export const BITMAP_BUDGET_BYTES = 320 * 1024 * 1024;

/** Decodes pictures ahead, off the main thread, and closes the least recently wanted ones beyond a memory budget. */
export class BitmapCache<B extends Bitmap> {
  private readonly slots = new Map<number, Slot<B>>();
  private pinned: number | null = null;

  constructor(
    private readonly load: (source: BitmapSource, signal: AbortSignal) => Promise<B>,
    private readonly budget = BITMAP_BUDGET_BYTES,
  ) {}

  /** The picture to show. It is not closed before another one is shown. */
  show(source: BitmapSource): Promise<B> {
    this.pinned = source.id;
    return this.get(source);
  }

  /** Starts decoding neighbours, and gives up on what is neither shown nor a neighbour any more and not decoded yet. */
  prefetch(sources: readonly BitmapSource[]): void {
    const wanted = new Set(sources.map((source) => source.id));
    for (const [id, slot] of this.slots) {
      if (slot.bitmap || wanted.has(id) || id === this.pinned) continue;
      slot.abort.abort();
      this.slots.delete(id);
    }
    // A neighbour that fails is asked for again when it is really wanted: only then somebody must hear of it.
    for (const source of sources) this.get(source).catch(() => undefined);
  }

  clear(): void {
    for (const id of [...this.slots.keys()]) this.drop(id);
    this.pinned = null;
  }

  private get(source: BitmapSource): Promise<B> {
    const known = this.slots.get(source.id);
    if (known) {
      this.slots.delete(source.id);
      this.slots.set(source.id, known);
      return known.promise;
    }
    const abort = new AbortController();
    const slot: Slot<B> = {
      abort,
      bitmap: null,
      promise: this.load(source, abort.signal).then(
        (bitmap) => {
          if (this.slots.get(source.id) !== slot) {
            bitmap.close();
            throw new DOMException('not wanted any more', 'AbortError');
          }
          slot.bitmap = bitmap;
          this.evict(source.id);
          return bitmap;
        },
        (error: unknown) => {
          if (this.slots.get(source.id) === slot) this.slots.delete(source.id);
          throw error;
        },
      ),
    };
    this.slots.set(source.id, slot);
    return slot.promise;
  }

  private evict(newest: number): void {
    let bytes = 0;
    for (const { bitmap } of this.slots.values()) bytes += bitmap ? bitmap.width * bitmap.height * 4 : 0;
    for (const [id, { bitmap }] of this.slots) {
      if (bytes <= this.budget) return;
      if (!bitmap || id === this.pinned || id === newest) continue;
      bytes -= bitmap.width * bitmap.height * 4;
      this.drop(id);
    }
  }

  private drop(id: number): void {
    const slot = this.slots.get(id);
    slot?.abort.abort();
    slot?.bitmap?.close();
    this.slots.delete(id);
  }
}

/** Downloads and decodes one picture upright (EXIF orientation applied). Throws with the HTTP status when refused. */
export async function loadBitmap({ url }: BitmapSource, signal: AbortSignal): Promise<ImageBitmap> {
  const response = await fetch(url, { signal, credentials: 'omit' });
  if (!response.ok) throw new Error(`The picture's storage answered ${response.status}`);
  return createImageBitmap(await response.blob(), { imageOrientation: 'from-image' });
}
