import type { Split } from '@labelyard/domain';
import type { KnownImage } from '@labelyard/formats';
import { withoutFolders } from './picture-paths.js';

/** An image of the dataset, or one that will be. */
export interface FoundImage extends KnownImage {
  readonly id: number;
  /** That it was put into already. */
  readonly split?: Split | null;
}

export type FoundBy = 'path' | 'name' | 'picture';

/**
 * Finds the image that a file of labels means. Programs name images with more or fewer folders than the dataset has, so one path may be
 * the end of the other, as long as only one image has that end. An image of the same name in another folder is another image.
 */
export class ImageFinder {
  private readonly images = new PathEnds<FoundImage>();
  private readonly pictures = new PathEnds<FoundImage>();
  /** By their lower case: names are found in any. */
  private readonly doubtful = new Map<string, string>();

  /** Names that more than one image could be meant by. */
  get ambiguous(): Iterable<string> {
    return this.doubtful.values();
  }

  add(image: FoundImage): void {
    this.images.add(image.path, image);
  }

  /** A picture that came with the labels and the image it is or becomes. */
  addPicture(file: string, image: FoundImage): void {
    this.pictures.add(file, image);
    if (!this.images.get(image.path)) this.pictures.add(image.path, image);
  }

  /** An image of the dataset by its whole path. */
  exact(path: string): FoundImage | null {
    return this.stored(path.normalize('NFC'));
  }

  /** The same by the path as it is stored. */
  stored(path: string): FoundImage | null {
    return this.images.get(path);
  }

  /** An image of the dataset by the end of its path, where one path has more folders than the other, and no other ones. */
  byName(path: string): FoundImage | null {
    return this.images.byEnd(path.normalize('NFC')).found;
  }

  find(named: string): { readonly image: FoundImage; readonly by: FoundBy } | null {
    const path = named.normalize('NFC');
    const bare = withoutFolders(path);
    const hit = this.search(path) ?? (bare === path ? null : this.search(bare));
    if (hit === 'several') {
      this.doubtful.set(path.toLowerCase(), path);
      return null;
    }
    if (hit) this.settle(path);
    return hit;
  }

  private search(path: string): { readonly image: FoundImage; readonly by: FoundBy } | 'several' | null {
    const exact = this.images.get(path);
    if (exact) return { image: exact, by: 'path' };
    const picture = this.pictures.byEnd(path);
    if (picture.found) return { image: picture.found, by: 'picture' };
    const { found, several } = this.images.byEnd(path);
    if (found) return { image: found, by: 'name' };
    return several || picture.several ? 'several' : null;
  }

  /** What was doubtful with fewer folders is not any more: readers try a name with and without them. */
  private settle(path: string): void {
    if (this.doubtful.size === 0) return;
    const named = path.toLowerCase();
    for (let at = named.indexOf('/'); at >= 0; at = named.indexOf('/', at + 1))
      this.doubtful.delete(named.slice(at + 1));
  }
}

/** Things by path, also found by the longest end of the path that only one of them has. */
class PathEnds<Thing> {
  private readonly whole = new Map<string, Thing>();
  /** Made when a path is not found as a whole: most files name all images as the dataset does, and there may be a million of them. */
  private names: Map<string, string | string[]> | null = null;

  add(path: string, thing: Thing): void {
    if (this.whole.has(path)) return;
    this.whole.set(path, thing);
    if (this.names) addName(this.names, path);
  }

  get(path: string): Thing | null {
    return this.whole.get(path) ?? null;
  }

  private get byName(): ReadonlyMap<string, string | string[]> {
    if (!this.names) {
      this.names = new Map();
      for (const path of this.whole.keys()) addName(this.names, path);
    }
    return this.names;
  }

  byEnd(path: string): { readonly found: Thing | null; readonly several: boolean } {
    const exact = this.whole.get(path);
    if (exact) return { found: exact, several: false };
    let best: string[] = [];
    let longest = 0;
    for (const candidate of [this.byName.get(nameOf(path)) ?? []].flat()) {
      if (!isEndOf(candidate, path)) continue;
      const common = Math.min(foldersOf(candidate).length, foldersOf(path).length);
      if (common < longest) continue;
      if (common > longest) best = [];
      longest = common;
      best.push(candidate);
    }
    const things = new Set(best.map((one) => this.whole.get(one)));
    const [found = null] = things;
    return things.size > 1 ? { found: null, several: true } : { found, several: false };
  }
}

function addName(names: Map<string, string | string[]>, path: string): void {
  const name = nameOf(path);
  const others = names.get(name);
  if (others === undefined) names.set(name, path);
  else if (typeof others === 'string') names.set(name, [others, path]);
  else others.push(path);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).toLowerCase();
}

/** Whether one path is the end of the other; upper and lower case of the name do not matter. */
function isEndOf(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return nameOf(short) === nameOf(long) && `/${foldersOf(long)}`.endsWith(`/${foldersOf(short)}`);
}

function foldersOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
