import type { ExportChoices } from '@labelyard/contract';
import type { TaskType } from '@labelyard/domain';
import { splitOf, type ExportAnnotation, type ExportSource } from '@labelyard/formats';
import type { ContentImage, ExportContent, Passing } from './export-content.js';

/**
 * Content as a writer reads it, and as its pictures are found. `onRows` is told of each batch of images or annotations; what it throws
 * ends the export.
 */
export interface ContentSource extends ExportSource {
  images(): AsyncIterable<readonly ContentImage[]>;
}

export async function exportSource(
  content: ExportContent,
  { splits, split_shares }: Pick<ExportChoices, 'splits' | 'split_shares'>,
  task_types: readonly TaskType[],
  onRows: (count: number) => void | Promise<void>,
): Promise<ContentSource> {
  const { project, classes, version, passing, passingImages } = content;
  /** Rows that pass are told of when they passed: how many there will be is not known before. */
  async function* passed<Row>(
    batches: AsyncIterable<Passing<Row>>,
    chosen: (batch: Iterable<Row>) => Iterable<Row> = (batch) => batch,
  ) {
    let before = 0;
    for await (const batch of batches) {
      yield chosen(batch);
      await onRows(batch.passed - before);
      before = batch.passed;
    }
  }
  async function* counted<Row>(batches: AsyncIterable<readonly Row[]>): AsyncGenerator<readonly Row[]> {
    for await (const batch of batches) {
      await onRows(batch.length);
      yield batch;
    }
  }
  // Writers would choose 80 : 20 by themselves; they are told when it was asked for otherwise, or matters here.
  const placed =
    splits || split_shares ? (image: ContentImage) => ({ ...image, split: splitOf(image, split_shares) }) : null;
  const wanted = splits
    ? await ImageIds.of(content.images(), (image) => splits.includes(splitOf(image, split_shares)))
    : null;
  return {
    head: {
      project: { id: project.id, name: project.name },
      version: version?.label ?? null,
      date: version?.published_at ?? null,
      task_types,
      classes,
    },
    async *images() {
      for await (const batch of counted(content.images())) {
        const kept = wanted ? batch.filter(({ id }) => wanted.has(id)) : batch;
        yield placed ? kept.map(placed) : kept;
      }
    },
    async *annotations(order) {
      for await (const batch of counted(content.annotations(order))) {
        yield wanted ? batch.filter(({ image_id }) => wanted.has(image_id)) : batch;
      }
    },
    ...(passing && {
      passing: (order) => passed(passing(order), wanted ? (batch) => onImages(batch, wanted) : undefined),
    }),
    // Placed ones are copies, which do not pass.
    ...(passingImages && !placed && { passingImages: () => passed(passingImages()) }),
  };
}

function* onImages(rows: Iterable<ExportAnnotation>, wanted: ImageIds): Generator<ExportAnnotation> {
  for (const row of rows) if (wanted.has(row.image_id)) yield row;
}

/** A set of ids that come in ascending order: 8 bytes each. */
class ImageIds {
  private ids = new Float64Array(1_024);
  private count = 0;

  static async of(
    batches: AsyncIterable<readonly ContentImage[]>,
    isIn: (image: ContentImage) => boolean,
  ): Promise<ImageIds> {
    const found = new ImageIds();
    for await (const batch of batches) for (const image of batch) if (isIn(image)) found.add(image.id);
    return found;
  }

  has(id: number): boolean {
    let [low, high] = [0, this.count - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.ids[middle] as number;
      if (found === id) return true;
      if (found < id) low = middle + 1;
      else high = middle - 1;
    }
    return false;
  }

  private add(id: number): void {
    if (this.count === this.ids.length) {
      const larger = new Float64Array(this.count * 2);
      larger.set(this.ids);
      this.ids = larger;
    }
    this.ids[this.count++] = id;
  }
}
