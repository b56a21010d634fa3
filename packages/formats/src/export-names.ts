import { HashSet } from './hash-set.js';
import { pathHash } from './splits.js';

/**
 * Names for files that stand beside an image and differ from it in the extension only: `a.jpg` and `a.png` would share `a.txt`, and
 * on many disks `A.txt` is the same file. The first keeps its name, later ones get `_2`, `_3` …; the same walk gives the same names.
 * Remembers 53 bits per name; should two ever meet by chance, one more image is renamed.
 */
export class ExportNames {
  private readonly taken = new HashSet();

  /** @param adapt what a format needs changed in every name, such as white space */
  constructor(private readonly adapt: (stem: string) => string = (stem) => stem) {}

  /** Path without extension, unique; `renamed` when it is not that of the image any more. */
  next(path: string): { readonly stem: string; readonly extension: string; readonly renamed: boolean } {
    const dot = path.lastIndexOf('.');
    const hasExtension = dot > path.lastIndexOf('/') + 1;
    const original = hasExtension ? path.slice(0, dot) : path;
    const extension = hasExtension ? path.slice(dot) : '';
    const adapted = this.adapt(original);
    let stem = adapted;
    for (let n = 2; !this.take(stem); n++) stem = `${adapted}_${n}`;
    return { stem, extension, renamed: stem !== original };
  }

  private take(stem: string): boolean {
    const name = stem.normalize('NFC').toLowerCase();
    return this.taken.add(pathHash(name) * 2 ** 21 + (pathHash(`${name}\0`) >>> 11));
  }
}

/** What file systems do not allow in a name, replaced; never empty, never `.` or `..`. */
export function fileSafeName(name: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what must not be in a name
  const safe = name.replace(/[\u0000-\u001f\u007f<>:"/\\|?*]/gu, '_').replace(/^[. ]+|[. ]+$/gu, '_');
  return safe || '_';
}
