import { DomainError, type ImageSize } from '@labelyard/domain';

/**
 * Sizes of all images of an export in 16 bytes each. Images come before annotations in a COCO file and some annotations need the
 * size of theirs; asking the source again or keeping objects would cost either time or memory.
 */
export class ImageSizes {
  private ids = new Float64Array(1024);
  private widths = new Uint32Array(1024);
  private heights = new Uint32Array(1024);
  private count = 0;
  /** Neighbouring annotations mostly lie on the same image, or on the next one. */
  private lastFound = 0;

  /** Ids must ascend. */
  add(id: number, { width, height }: ImageSize): void {
    const previous = this.count ? (this.ids[this.count - 1] as number) : 0;
    if (!(id > previous)) {
      throw new DomainError('internal', `Images of an export must come by ascending id: ${id} came after ${previous}.`);
    }
    if (this.count === this.ids.length) this.grow();
    this.ids[this.count] = id;
    this.widths[this.count] = width;
    this.heights[this.count] = height;
    this.count++;
  }

  has(id: number): boolean {
    return this.indexOf(id) >= 0;
  }

  /** Throws `RangeError` for an image that was not added: ask `has` first. */
  sizeOf(id: number): ImageSize {
    const at = this.indexOf(id);
    if (at < 0) throw new RangeError(`Image ${id} is not part of the export.`);
    return { width: this.widths[at] as number, height: this.heights[at] as number };
  }

  private indexOf(id: number): number {
    const { ids, count } = this;
    for (let at = this.lastFound; at < this.lastFound + 2 && at < count; at++) {
      if (ids[at] === id) return (this.lastFound = at);
    }
    let low = 0;
    let high = count - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = ids[middle] as number;
      if (found === id) return (this.lastFound = middle);
      if (found < id) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** Where the memory is, if it can be: left to be found as garbage, the smaller arrays would weigh as much as the largest. */
  private grow(): void {
    const more = 2 * this.ids.length;
    this.ids = new Float64Array(this.ids.buffer.transfer(more * Float64Array.BYTES_PER_ELEMENT));
    this.widths = new Uint32Array(this.widths.buffer.transfer(more * Uint32Array.BYTES_PER_ELEMENT));
    this.heights = new Uint32Array(this.heights.buffer.transfer(more * Uint32Array.BYTES_PER_ELEMENT));
  }
}
