import { DomainError, type Geometry } from '@labelyard/domain';
import type { ExportAnnotation, ExportImage, ExportSource } from './codec.js';

export interface ImageRows {
  readonly image: ExportImage;
  readonly rows: readonly ExportAnnotation[];
}

/**
 * Images side by side with their annotations, for formats with a file or a block per image. Only one image's annotations are held.
 * `onStranger` is told of annotations whose image is not part of the export.
 */
export async function* imagesWithRows(
  source: ExportSource,
  onStranger: (row: ExportAnnotation) => void,
): AsyncGenerator<ImageRows> {
  const cursor = new RowCursor(source.annotations('image')[Symbol.asyncIterator]());
  let previous = 0;
  try {
    for await (const batch of source.images()) {
      for (const image of batch) {
        if (!(image.id > previous)) {
          throw new DomainError(
            'internal',
            `Images of an export must come by ascending id: ${image.id} came after ${previous}.`,
          );
        }
        previous = image.id;
        const rows: ExportAnnotation[] = [];
        for (;;) {
          // Waited for only where a batch ends: a million waits would take longer than the rows.
          const row = cursor.held ?? (await cursor.load());
          if (!row || row.image_id > image.id) break;
          if (row.image_id === image.id) rows.push(row);
          else onStranger(row);
          cursor.drop();
        }
        yield { image, rows };
      }
    }
    for (let row = await cursor.load(); row; row = await cursor.load()) {
      onStranger(row);
      cursor.drop();
    }
  } finally {
    await cursor.close();
  }
}

/** One row at a time out of batches; refuses another order than (image_id, id). */
class RowCursor {
  private batch: readonly ExportAnnotation[] = [];
  private at = 0;
  private image_id = 0;
  private id = 0;

  constructor(private readonly batches: AsyncIterator<readonly ExportAnnotation[]>) {}

  /** The row at hand; null where a batch ends. */
  get held(): ExportAnnotation | null {
    return this.batch[this.at] ?? null;
  }

  /** The row at hand, from the next batch if need be; null at the end. */
  async load(): Promise<ExportAnnotation | null> {
    while (this.at >= this.batch.length) {
      const next = await this.batches.next();
      if (next.done) return null;
      this.batch = next.value;
      this.at = 0;
    }
    return this.held;
  }

  drop(): void {
    const { image_id, id } = this.batch[this.at++] as ExportAnnotation;
    if (image_id < this.image_id || (image_id === this.image_id && id <= this.id)) {
      throw new DomainError(
        'internal',
        `Annotations of this export must come by ascending image and id: ${id} came after ${this.id}.`,
      );
    }
    this.image_id = image_id;
    this.id = id;
  }

  async close(): Promise<void> {
    await this.batches.return?.();
  }
}

/** The geometry of a row, null when its text is no JSON. */
export function geometryOfRow({ geometry }: ExportAnnotation): Geometry | null {
  try {
    return JSON.parse(geometry) as Geometry;
  } catch {
    return null;
  }
}
