import { classFileNames } from '../class-file-names.js';
import type { Split } from '../codec.js';

const MEMBERS: readonly (readonly [list: string, splits: readonly Split[]])[] = [
  ['train', ['train']],
  ['val', ['val']],
  ['trainval', ['train', 'val']],
  ['test', ['test']],
];

interface Entry {
  readonly stem: string;
  readonly split: Split;
  readonly found: ReadonlyMap<string, 'present' | 'difficult'>;
  readonly masked: boolean;
}

/** The lists below `ImageSets`: which image is in which split, and which class is on which image. */
export class VocLists {
  private readonly entries: Entry[] = [];

  constructor(private readonly names: readonly string[]) {}

  add(stem: string, split: Split, found: Entry['found'], masked: boolean): void {
    this.entries.push({ stem, split, found, masked });
  }

  *files(masks: boolean): Generator<[path: string, text: string]> {
    const classFiles = classFileNames(this.names);
    for (const [list, splits] of MEMBERS) {
      const members = this.entries.filter(({ split }) => splits.includes(split));
      if (list === 'test' && members.length === 0) continue;
      yield [`Main/${list}.txt`, members.map(({ stem }) => `${stem}\n`).join('')];
      for (const [name, file] of classFiles) {
        const rows = members.map(({ stem, found }) => `${stem} ${sign(found.get(name))}\n`);
        yield [`Main/${file}_${list}.txt`, rows.join('')];
      }
      if (!masks) continue;
      const masked = members.filter((entry) => entry.masked);
      yield [`Segmentation/${list}.txt`, masked.map(({ stem }) => `${stem}\n`).join('')];
    }
  }
}

/** 1: on the image; 0: difficult objects only; −1: not. Aligned as in the development kit. */
function sign(found: 'present' | 'difficult' | undefined): string {
  return found === 'present' ? ' 1' : found === 'difficult' ? ' 0' : '-1';
}
