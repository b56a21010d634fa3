import type { splitBody, SplitPreview } from '@labelyard/contract';
import type { LabelerDb, LabelerTransaction, NewTask, SplitSource, TakenImage } from '@labelyard/db';
import {
  compareFolders,
  DomainError,
  inTurn,
  MAX_TASKS_PER_SPLIT,
  partSizes,
  splitImages,
  type SplitPart,
} from '@labelyard/domain';
import type { z } from 'zod';

export type Split = z.output<typeof splitBody>;

/** What a split makes of images, which come in the order of their paths. @throws validation_failed for too many tasks */
export function planSplit(images: readonly TakenImage[], split: Split): NewTask[] {
  const parts = splitImages(images, split);
  assertFew(parts);
  const found = new Map(images.map((image) => [image.id, image]));
  return parts.map((part) => ({
    name: nameOf(split.name, part, parts.length),
    assignee_id: part.assignee_id,
    images: part.image_ids.flatMap((image_id) => found.get(image_id) ?? []),
  }));
}

/** The same tasks for as many images as you like: counted where they lie, not read. @throws validation_failed for too many tasks */
export async function countSplit(
  db: LabelerDb | LabelerTransaction,
  source: SplitSource,
  free: number,
  { rule, name, assignees }: Split,
): Promise<SplitPreview['tasks']> {
  const parts =
    rule.by === 'folder'
      ? await db.splits.folders(source, { depth: rule.depth, at_most: MAX_TASKS_PER_SPLIT + 1 })
      : partSizes(free, rule).map((images) => ({ folder: null, images }));
  assertFew(parts);
  return parts
    .sort((a, b) => compareFolders(a.folder ?? '', b.folder ?? ''))
    .map(({ folder, images }, n) => ({
      name: nameOf(name, { number: n + 1, folder }, parts.length),
      image_count: images,
      assignee_id: inTurn(assignees, n),
      first_path: null,
    }));
}

export function assertAny(tasks: readonly NewTask[]): void {
  if (tasks.length > 0) return;
  throw refused('image_ids', 'no_images', 'No image is left to be put into a task: all that fit are in one already');
}

function assertFew(parts: readonly unknown[]): void {
  if (parts.length <= MAX_TASKS_PER_SPLIT) return;
  const message = `The rule would make more than ${MAX_TASKS_PER_SPLIT} tasks, the most that one split may make`;
  throw refused('rule', 'too_many_tasks', message);
}

function nameOf(name: string, { number, folder }: Pick<SplitPart, 'number' | 'folder'>, count: number): string {
  const suffix = folder ?? (count > 1 ? String(number) : '');
  return (suffix ? `${name} · ${suffix}` : name).slice(0, 400);
}

function refused(path: string, code: string, message: string): DomainError {
  return new DomainError('validation_failed', message, [{ path, code, message }]);
}
