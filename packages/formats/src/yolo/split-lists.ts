import { SPLITS, type Split } from '../codec.js';
import { LINE_END } from '../line-ends.js';
import { readText } from '../reading/file-text.js';
import type { ImportFile } from '../reading/import-codec.js';
import { fromFile, type ImportDesk } from '../reading/import-desk.js';
import { isLabelFile, placeOfPicture } from './label-place.js';
import type { YoloHead } from './read-yaml.js';

/** The lists that a YAML names (`train: train.txt`, one path or several), else those of these names beside the labels. */
export function splitListsOf({ fields }: YoloHead, files: readonly ImportFile[]): Map<ImportFile, Split> {
  const texts = files.filter(({ path }) => /\.txt$/iu.test(path));
  const beside = texts.filter((file) => !isLabelFile(file));
  const lists = new Map<ImportFile, Split>();
  for (const split of SPLITS) {
    const named = [fields[split] ?? []].flat().filter((one): one is string => typeof one === 'string');
    const among = named.length > 0 ? texts : beside;
    for (const name of named.length > 0 ? named : DEFAULTS[split]) {
      const path = name.replaceAll('\\', '/').replace(/^(?:\.{0,2}\/)+/u, '');
      if (!/\.txt$/iu.test(path)) continue;
      const file = among.find((one) => `/${one.path}`.endsWith(`/${path}`) || `/${path}`.endsWith(`/${one.path}`));
      if (file && !lists.has(file)) lists.set(file, split);
    }
  }
  return lists;
}

const DEFAULTS: Readonly<Record<Split, readonly string[]>> = {
  train: ['train.txt'],
  val: ['val.txt', 'valid.txt'],
  test: ['test.txt'],
};

/** Splits by lists of pictures, one path a line: found by the stem of a label file, or by its name where only one has it. */
export class SplitLists {
  private readonly byStem = new Map<string, Split>();
  /** Null: pictures of this name are in several splits. */
  private readonly byName = new Map<string, Split | null>();

  static async read(desk: ImportDesk, lists: ReadonlyMap<ImportFile, Split>): Promise<SplitLists> {
    const found = new SplitLists();
    for (const [file, split] of lists) {
      const text = await fromFile(desk, file, () => readText(file));
      for (const line of text?.split(LINE_END) ?? []) if (line.trim() !== '') found.add(line.trim(), split);
    }
    return found;
  }

  /** The first list that names it counts. */
  of(stem: string): Split | null {
    return this.byStem.get(stem) ?? this.byName.get(nameOf(stem)) ?? null;
  }

  private add(line: string, split: Split): void {
    const { stem } = placeOfPicture(line.replaceAll('\\', '/').replace(/^\.\//u, ''));
    if (!this.byStem.has(stem)) this.byStem.set(stem, split);
    const name = nameOf(stem);
    const other = this.byName.get(name);
    this.byName.set(name, other === undefined || other === split ? split : null);
  }
}

function nameOf(stem: string): string {
  return stem.slice(stem.lastIndexOf('/') + 1);
}
