import { DomainError, type Geometry } from '@labelyard/domain';
import type { ExportAnnotation, ExportImage, ExportSource } from './codec.js';

export interface ImageRows {
  readonly image: ExportImage;
  readonly rows: readonly ExportAnnotation[];
}

/** Annotations for writers that keep none of them. */
export function passingRows(source: ExportSource, order: 'id' | 'image'): AsyncIterable<Iterable<ExportAnnotation>> {
  return source.passing?.(order) ?? source.annotations(order);
}

/** Images for writers that keep none of them. */
export function passingImages(source: ExportSource): AsyncIterable<Iterable<ExportImage>> {
  return source.passingImages?.() ?? source.images();
}

type TellRow = (row: ExportAnnotation) => void;

/**
 * Images side by side with their annotations, for formats with a file or a block per image. Only one image's annotations are held.
 * `onStranger` is told of annotations whose image is not part of the export.
 */
export async function* imagesWithRows(source: ExportSource, onStranger: TellRow): AsyncGenerator<ImageRows> {
  let rows: ExportAnnotation[] = [];
  const onRow = (row: ExportAnnotation) => void rows.push(row);
  for await (const image of walk(source, source.annotations('image'), { onRow, onStranger })) {
    yield { image, rows };
    rows = [];
  }
}

/** Images, each when `onRow` was told of all of its annotations, none of which is held; good until the next one is asked for. */
export function imagesAfterRows(
  source: ExportSource,
  told: { readonly onRow: (row: ExportAnnotation, image: ExportImage) => void; readonly onStranger: TellRow },
): AsyncGenerator<ExportImage> {
  return walk(source, passingRows(source, 'image'), told);
}

async function* walk(
  source: ExportSource,
  batches: AsyncIterable<Iterable<ExportAnnotation>>,
  { onRow, onStranger }: Parameters<typeof imagesAfterRows>[1],
): AsyncGenerator<ExportImage> {
  const cursor = new RowCursor(batches[Symbol.asyncIterator]());
  let previous = 0;
  try {
    for await (const batch of passingImages(source)) {
      for (const image of batch) {
        if (!(image.id > previous)) {
          throw new DomainError(
            'internal',
            `Images of an export must come by ascending id: ${image.id} came after ${previous}.`,
          );
        }
        previous = image.id;
        for (;;) {
          // Waited for only where a batch ends: a million waits would take longer than the rows.
          const row = cursor.held ?? (await cursor.load());
          if (!row || row.image_id > image.id) break;
          if (row.image_id === image.id) onRow(row, image);
          else onStranger(row);
          cursor.step();
        }
        yield image;
      }
    }
    for (let row = await cursor.load(); row; row = await cursor.load()) {
      onStranger(row);
      cursor.step();
    }
  } finally {
    await cursor.close();
  }
}

/** One row at a time out of batches; refuses another order than (image_id, id). */
class RowCursor {
  /** The row at hand; null where a batch ends. */
  held: ExportAnnotation | null = null;
  private batch: Iterator<ExportAnnotation> = [].values();
  private image_id = 0;
  private id = 0;

  constructor(private readonly batches: AsyncIterator<Iterable<ExportAnnotation>>) {}

  /** The row at hand, from the next batch if need be; null at the end. */
  async load(): Promise<ExportAnnotation | null> {
    while (!this.held) {
      const next = await this.batches.next();
      if (next.done) return null;
      this.batch = next.value[Symbol.iterator]();
      this.step();
    }
    return this.held;
  }

  async close(): Promise<void> {
    await this.batches.return?.();
  }

  /** Goes on to the next row, which may be the same object as the one at hand until now. */
  step(): void {
    const next = this.batch.next();
    if (next.done) {
      this.held = null;
      return;
    }
    const { image_id, id } = next.value;
    if (image_id < this.image_id || (image_id === this.image_id && id <= this.id)) {
      throw new DomainError(
        'internal',
        `Annotations of this export must come by ascending image and id: ${id} came after ${this.id}.`,
      );
    }
    this.image_id = image_id;
    this.id = id;
    this.held = next.value;
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
