import { IMAGE_SORTS, type ImageSort } from '@labelyard/contract';
import { IMAGE_STATUSES, SPLITS, TASK_TYPES, type ImageStatus, type Split, type TaskType } from '@labelyard/domain';

/** Where nothing else is chosen: the order of the files on disk, which the workbench follows too. */
export const DEFAULT_SORT: ImageSort = 'path';

/** Which images of a project, in which order. Field names are those of the API and of the page's address. */
export interface ImageFilter {
  readonly task_type?: TaskType;
  readonly status?: ImageStatus;
  readonly class_id?: number;
  /** Images that were put into it. */
  readonly split?: Split;
  /** Images of one task only. */
  readonly task_id?: number;
  readonly q?: string;
  readonly sort?: ImageSort;
}

/** What hides images; `task_type` and `sort` hide none. */
const NARROWING = ['status', 'class_id', 'split', 'task_id', 'q'] as const satisfies readonly (keyof ImageFilter)[];

/** A change that takes away whatever hides an image. */
export const UNNARROWED: Partial<ImageFilter> = Object.fromEntries(NARROWING.map((name) => [name, undefined]));

const oneOf = <T extends string>(list: readonly T[], value: string | null): T | undefined =>
  list.find((item) => item === value);

/** Reads a filter from an address; what makes no sense is left out, so that an old or mistyped link still opens. */
export function readImageFilter(search: URLSearchParams): ImageFilter {
  const idIn = (name: string) => {
    const id = Number(search.get(name));
    return Number.isSafeInteger(id) && id > 0 ? id : undefined;
  };
  const filter: ImageFilter = {
    task_type: oneOf(TASK_TYPES, search.get('task_type')),
    status: oneOf(IMAGE_STATUSES, search.get('status')),
    class_id: idIn('class_id'),
    split: oneOf(SPLITS, search.get('split')),
    task_id: idIn('task_id'),
    q: search.get('q')?.trim().slice(0, 200) || undefined,
    sort: oneOf(IMAGE_SORTS, search.get('sort')),
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

/** The same filter as an address's query; other parameters of `search` stay. */
export function writeImageFilter(search: URLSearchParams, filter: ImageFilter): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const name of ['task_type', ...NARROWING, 'sort'] as const) {
    const value = filter[name];
    if (value === undefined || value === '') next.delete(name);
    else next.set(name, String(value));
  }
  return next;
}

/** Whether it hides any image. */
export function isNarrowed(filter: ImageFilter): boolean {
  return NARROWING.some((name) => filter[name] !== undefined);
}

/** Address of the workbench on an image; the filter goes along, so that "next" means next in the same list. */
export function workbenchPath(datasetId: number, imageId: number, task: TaskType, filter: ImageFilter): string {
  const search = writeImageFilter(new URLSearchParams({ image: String(imageId), task }), {
    ...filter,
    task_type: undefined,
  });
  return `/datasets/${datasetId}/label?${search}`;
}
