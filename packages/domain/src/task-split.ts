/** How the images of a split are divided among tasks. */
export type SplitRule =
  /** `count` tasks, as equal in size as can be. */
  | { readonly by: 'count'; readonly count: number }
  /** Tasks of `size` images; the last has what is left. */
  | { readonly by: 'size'; readonly size: number }
  /** One task per folder of the path, cut to `depth` levels (1: the first). */
  | { readonly by: 'folder'; readonly depth: number }
  | { readonly by: 'none' };

/** A rule that looks at nothing of the images but how many there are. */
export type CountingRule = Exclude<SplitRule, { readonly by: 'folder' }>;

/** Most tasks one split may make. */
export const MAX_TASKS_PER_SPLIT = 500;

/** Most images put into tasks while somebody waits for it: a quarter of a second. More of them are for a job. */
export const MAX_IMAGES_SPLIT_AT_ONCE = 5_000;

export interface SplitImage {
  readonly id: number;
  readonly path: string;
}

export interface SplitOptions {
  readonly rule: SplitRule;
  /** Images are dealt as they come, or shuffled: the same seed and images give the same deal. */
  readonly shuffle_seed?: string | null | undefined;
  /** Each in turn gets the next task; nobody when empty. */
  readonly assignees: readonly string[];
}

export interface SplitPart {
  /** From 1. */
  readonly number: number;
  /** The folder this part is of; null for other rules. `` is the top. */
  readonly folder: string | null;
  readonly image_ids: readonly number[];
  readonly assignee_id: string | null;
}

/**
 * Divides images, which come in the order of their paths, into parts: every image is in exactly one, no part is empty, and the
 * same input gives the same parts.
 */
export function splitImages(
  images: readonly SplitImage[],
  { rule, shuffle_seed, assignees }: SplitOptions,
): SplitPart[] {
  const dealt = shuffle_seed == null ? images : shuffled(images, shuffle_seed);
  return groups(dealt, rule).map(({ folder, members }, index) => ({
    number: index + 1,
    folder,
    image_ids: members.map(({ id }) => id),
    assignee_id: inTurn(assignees, index),
  }));
}

/** Who gets the task at `index`; nobody when there is nobody to take turns. */
export function inTurn(assignees: readonly string[], index: number): string | null {
  return assignees.length > 0 ? (assignees[index % assignees.length] as string) : null;
}

/** How many of `count` images each part gets. */
export function partSizes(count: number, rule: CountingRule): number[] {
  if (count === 0) return [];
  switch (rule.by) {
    case 'none':
      return [count];
    case 'size':
      return Array.from({ length: Math.ceil(count / rule.size) }, (_, n) => Math.min(rule.size, count - n * rule.size));
    case 'count': {
      const parts = Math.min(rule.count, count);
      const start = (n: number) => Math.floor((n * count) / parts);
      return Array.from({ length: parts }, (_, n) => start(n + 1) - start(n));
    }
  }
}

/** The order of folders, and so of their tasks. */
export function compareFolders(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

interface Group {
  readonly folder: string | null;
  readonly members: readonly SplitImage[];
}

function groups(images: readonly SplitImage[], rule: SplitRule): Group[] {
  if (rule.by !== 'folder') {
    let from = 0;
    return partSizes(images.length, rule).map((size) => ({
      folder: null,
      members: images.slice(from, (from += size)),
    }));
  }
  const byFolder = Map.groupBy(images, ({ path }) => folderOf(path, rule.depth));
  return [...byFolder].sort(([a], [b]) => compareFolders(a, b)).map(([folder, members]) => ({ folder, members }));
}

/** The first `depth` folders of a path; `` for files at the top. */
export function folderOf(path: string, depth: number): string {
  return path.split('/').slice(0, -1).slice(0, depth).join('/');
}

/** Fisher and Yates, by numbers that follow from the seed alone. */
function shuffled<T>(items: readonly T[], seed: string): T[] {
  const result = [...items];
  const random = numbersOf(seed);
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}

/** mulberry32 over an FNV-1a hash: small, and the same in every browser and on every server. */
function numbersOf(seed: string): () => number {
  let state = 0x811c9dc5;
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
