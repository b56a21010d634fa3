import { HashSet } from './hash-set.js';
import { pathHash } from './splits.js';

/** Bytes of a name that any file system takes (255), with room for what comes behind it: `_2`, `_trainval`, an extension. */
const LONGEST_NAME = 200;
const MOST_BYTES_PER_UNIT = 3;
const encoder = new TextEncoder();

/**
 * Names for files that stand beside an image and differ from it in the extension only: `a.jpg` and `a.png` would share `a.txt`, and
 * on many disks `A.txt` is the same file. The first keeps its name, later ones get `_2`, `_3` …; the same walk gives the same names.
 * Names that are too long for file systems, as those of joined folders, are cut.
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
    const adapted = shortPath(this.adapt(original));
    let stem = adapted;
    for (let n = 2; !this.take(stem); n++) stem = `${adapted}_${n}`;
    return { stem, extension, renamed: stem !== original };
  }

  private take(stem: string): boolean {
    const name = stem.normalize('NFC').toLowerCase();
    return this.taken.add(pathHash(name) * 2 ** 21 + (pathHash(`${name}\0`) >>> 11));
  }
}

/** What Windows keeps for devices, whatever the extension. */
const DEVICE = /^(?:con|prn|aux|nul|(?:com|lpt)[1-9])(?=\.|$)/iu;

/** What file systems do not allow in a name, replaced; never empty, never `.` or `..`, never too long. */
export function fileSafeName(name: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what must not be in a name
  const allowed = shortName(name.replace(/[\u0000-\u001f\u007f<>:"/\\|?*]/gu, '_'));
  return allowed.replace(/^[. ]+|[. ]+$/gu, '_').replace(DEVICE, '$&_') || '_';
}

/** Cut between characters. */
function shortName(name: string): string {
  if (name.length * MOST_BYTES_PER_UNIT <= LONGEST_NAME) return name;
  return name.slice(0, encoder.encodeInto(name, new Uint8Array(LONGEST_NAME)).read);
}

function shortPath(path: string): string {
  if (path.length * MOST_BYTES_PER_UNIT <= LONGEST_NAME) return path;
  return path.split('/').map(shortName).join('/');
}
