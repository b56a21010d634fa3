import { SPLITS, type Split } from '../codec.js';
import { LINE_END } from '../line-ends.js';
import { fromFile, type ImportDesk } from '../reading/import-desk.js';
import { readText } from '../reading/file-text.js';
import type { ImportFile } from '../reading/import-codec.js';
import { VOC_COLORS, VOC_NAMES } from './voc-colors.js';

/** What the lists of a kit say, by root and stem of the image. */
export interface Lists {
  readonly splits: ReadonlyMap<string, Split>;
  /** Names as those of the lists have them. */
  readonly classes: ReadonlyMap<string, { readonly name: string; readonly file: string }[]>;
}

/** The lists below `ImageSets` of every kit in the upload. */
export async function readLists(desk: ImportDesk, files: readonly ImportFile[]): Promise<Lists> {
  const splits = new Map<string, Split>();
  const classes = new Map<string, { name: string; file: string }[]>();
  for (const file of files) {
    const list = /^(.*\/)?ImageSets\/(Main|Segmentation)\/(?:(.+)_)?(trainval|train|val|test)\.txt$/iu.exec(file.path);
    if (!list) continue;
    const text = await fromFile(desk, file, () => readText(file));
    const [, root = '', folder, name, split] = list;
    for (const line of (text ?? '').split(LINE_END)) {
      const row = line.trim();
      if (row === '') continue;
      if (name === undefined || folder !== 'Main') {
        const chosen = SPLITS.find((one) => one === split);
        if (chosen) splits.set(root + row, chosen);
        continue;
      }
      const [, stem, sign] = /^(.+?)\s+(-?\d+)$/u.exec(row) ?? [];
      if (stem === undefined || sign !== '1') continue;
      const found = classes.get(root + stem) ?? [];
      if (!found.some((one) => one.name === name)) found.push({ name, file: file.path });
      classes.set(root + stem, found);
    }
  }
  return { splits, classes };
}

/** Classes of the pixels of masks. */
export interface Labelmap {
  /** Without the background. */
  readonly classes: readonly string[];
  readonly byIndex: readonly string[];
  readonly byColor: ReadonlyMap<number, string>;
}

export const colorNumber = ([red, green, blue]: readonly number[]): number =>
  ((red ?? 0) << 16) | ((green ?? 0) << 8) | (blue ?? 0);

/** Without a labelmap.txt the classes are those of the kit itself. */
export async function readLabelmap(desk: ImportDesk, files: readonly ImportFile[]): Promise<Labelmap> {
  const file = files.find(({ path }) => /(?:^|\/)labelmap\.txt$/iu.test(path));
  const text = file && (await fromFile(desk, file, () => readText(file)));
  if (!text)
    return {
      classes: VOC_NAMES.slice(1),
      byIndex: VOC_NAMES,
      byColor: new Map(VOC_NAMES.map((name, n) => [colorNumber(VOC_COLORS[n] ?? []), name])),
    };
  // The comment at the top has no colour; a name may begin with its sign.
  const rows = text.split(LINE_END).flatMap((line) => {
    const found = /^(.+):(\d+),(\d+),(\d+):[^:]*:[^:]*$/u.exec(line.trim());
    return found ? [[found[1] as string, colorNumber(found.slice(2, 5).map(Number))] as const] : [];
  });
  const byIndex = rows.map(([name]) => name);
  const classes = byIndex[0] === 'background' ? byIndex.slice(1) : byIndex;
  return { classes, byIndex, byColor: new Map(rows.map(([name, color]) => [color, name])) };
}
