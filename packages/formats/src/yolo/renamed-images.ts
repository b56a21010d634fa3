import { csvCell, csvRows, unguarded } from '../csv/csv-rows.js';
import { utf8Chunks } from '../reading/file-text.js';
import type { ImportFile } from '../reading/import-codec.js';
import { fromFile, type ImportDesk } from '../reading/import-desk.js';

/**
 * A label file names its image only by standing in for it: `labels/train/a_2.txt` would be that of an image `a_2`. Where names had to
 * change, this table says whose labels they are; trainers do not look at it.
 */
export const RENAMED_FILE = 'renamed.csv';

const HEADER = ['label', 'image'];
const CHUNK = 256 * 1024;

type Renamed = readonly [label: string, image: string];

export async function* renamedTable(renamed: AsyncIterable<Renamed>): AsyncGenerator<string> {
  let text = lineOf(HEADER);
  for await (const pair of renamed) {
    text += lineOf(pair);
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  yield text;
}

const lineOf = (cells: readonly string[]): string => `${cells.map(csvCell).join()}\r\n`;

export function isRenamedTable({ path }: ImportFile): boolean {
  return path === RENAMED_FILE || path.endsWith(`/${RENAMED_FILE}`);
}

export interface RenamedImages {
  /** Path of a label file → path of its image in the dataset. */
  readonly ofLabel: ReadonlyMap<string, string>;
  /** The images, which other label files cannot mean. */
  readonly taken: ReadonlySet<string>;
}

export async function readRenamed(desk: ImportDesk, files: readonly ImportFile[]): Promise<RenamedImages> {
  const ofLabel = new Map<string, string>();
  for (const file of files.filter(isRenamedTable)) {
    const folder = file.path.slice(0, -RENAMED_FILE.length);
    await fromFile(desk, file, async () => {
      for await (const { cells } of csvRows(utf8Chunks(file))) {
        const [label = '', image = ''] = cells.map(unguarded);
        ofLabel.set(folder + label, image.normalize('NFC'));
      }
    });
  }
  return { ofLabel, taken: new Set(ofLabel.values()) };
}
