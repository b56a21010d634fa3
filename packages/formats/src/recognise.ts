import { FORMATS, type Format, type FormatName } from './formats.js';
import type { ImportFile } from './reading/import-codec.js';

/** What an upload looks like, and by which of its files that was seen. */
export interface Recognition {
  readonly format: FormatName;
  /** For people: `"labels/a.txt" looks like YOLO (Ultralytics)`. */
  readonly reason: string;
  readonly recognised_by: RecognisedBy;
}

/** By one file, by all files together, or by the person who chose the format. */
export type RecognisedBy = { readonly by: 'file'; readonly file: string } | { readonly by: 'files' | 'choice' };

const MOST_TRIED = 50;

/** The format of an upload with the reason, null when it looks like none of ours. Names decide nothing that content can. */
export async function recogniseImport(files: readonly ImportFile[]): Promise<Recognition | null> {
  for (const format of Object.values(FORMATS)) {
    if (!(await format.recognise(files))) continue;
    const file = await telling(format, files);
    return file
      ? recognition(format, `"${file.path}" looks like ${format.title}`, { by: 'file', file: file.path })
      : recognition(format, `The files together look like ${format.title}`, { by: 'files' });
  }
  return null;
}

function recognition({ name: format }: Format, reason: string, recognised_by: RecognisedBy): Recognition {
  return { format, reason, recognised_by };
}

/** The file by which the format was recognised. */
async function telling(format: Format, files: readonly ImportFile[]): Promise<ImportFile | null> {
  const candidates = files.filter(({ path }) => format.endings.some((end) => path.toLowerCase().endsWith(end)));
  for (const file of candidates.slice(0, MOST_TRIED)) if (await format.recognise([file])) return file;
  return null;
}
