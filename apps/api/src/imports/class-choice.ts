import type { ImportChoices, ImportClass } from '@labelyard/contract';
import type { ClassRow, NewImportClass } from '@labelyard/db';
import { CLASS_COLORS, type TaskType } from '@labelyard/domain';
import type { ImportedAnnotation, ImportedClass } from '@labelyard/formats';

/** More names than anybody gives: coordinates or file names stand where class names belong. */
export const MOST_CLASSES = 10_000;

interface Target {
  /** Null: its annotations are left out. */
  readonly id: number | null;
  readonly keypoints: number;
}

/** Class names are the same whatever their case, within a task. */
function keyOf(task_type: string, name: string): string {
  return `${task_type} ${name.toLowerCase()}`;
}

/** Counts the classes that files name and says which class of the project each becomes. */
export class ClassChoice {
  private readonly existing = new Map<string, ClassRow>();
  private readonly byId = new Map<number, ClassRow>();
  private readonly described = new Map<string, ImportedClass>();
  private readonly counted = new Map<string, { task_type: TaskType; name: string; count: number; by_type: Record<string, number> }>(); // prettier-ignore
  private readonly mapped = new Map<string, ImportChoices['classes'][number]['to']>();
  private readonly targets = new Map<string, Target>();
  readonly created: NewImportClass[] = [];

  /** `newId`: null while nothing is made, only looked at. */
  constructor(
    classes: readonly ClassRow[],
    private readonly choices: ImportChoices,
    private readonly newId: (() => Promise<number>) | null,
  ) {
    for (const row of classes) {
      this.existing.set(keyOf(row.task_type, row.name), row);
      this.byId.set(row.id, row);
    }
    for (const { task_type, name, to } of choices.classes) this.mapped.set(keyOf(task_type, name), to);
  }

  describe(record: ImportedClass): void {
    const key = keyOf(record.task_type ?? '', record.name);
    if (this.described.size < MOST_CLASSES && !this.described.has(key)) this.described.set(key, record);
  }

  /** False when there are too many classes. */
  count({ task_type, class_name, geometry }: ImportedAnnotation): boolean {
    const name = class_name ?? '';
    const key = keyOf(task_type, name);
    let entry = this.counted.get(key);
    if (!entry) {
      if (this.counted.size >= MOST_CLASSES) return false;
      this.counted.set(key, (entry = { task_type, name, count: 0, by_type: {} }));
    }
    entry.count += 1;
    entry.by_type[geometry.type] = (entry.by_type[geometry.type] ?? 0) + 1;
    return true;
  }

  /** Where annotations of a class go; at once when that was found out before. */
  target(task_type: TaskType, name: string): Target | Promise<Target> {
    const key = keyOf(task_type, name);
    return this.targets.get(key) ?? this.resolve(key, task_type, name);
  }

  private async resolve(key: string, task_type: TaskType, name: string): Promise<Target> {
    const target = await this.chosen(key, task_type, name);
    this.targets.set(key, target);
    return target;
  }

  private async chosen(key: string, task_type: TaskType, name: string): Promise<Target> {
    const asked = this.mapped.get(key);
    const same = this.existing.get(key);
    if (asked && 'skip' in asked) return { id: null, keypoints: 0 };
    if (asked && 'class_id' in asked) {
      const chosen = this.byId.get(asked.class_id);
      if (chosen?.task_type === task_type) return { id: chosen.id, keypoints: chosen.keypoints.length };
      return { id: null, keypoints: 0 };
    }
    if (same) return { id: same.id, keypoints: same.keypoints.length };
    if (!asked && this.choices.on_unknown_class === 'skip') return { id: null, keypoints: 0 };
    const described = this.described.get(key) ?? this.described.get(keyOf('', name));
    const keypoints = task_type === 'keypoint' ? (described?.keypoints ?? []) : [];
    const color = described?.color?.toLowerCase();
    const made: NewImportClass = {
      id: this.newId ? await this.newId() : 0,
      task_type,
      name,
      color: color && /^#[0-9a-f]{6}$/u.test(color) ? color : (CLASS_COLORS[this.created.length % CLASS_COLORS.length] as string), // prettier-ignore
      keypoints,
      skeleton: keypoints.length > 0 ? (described?.skeleton ?? []) : [],
    };
    this.created.push(made);
    return { id: made.id, keypoints: keypoints.length };
  }

  /** For the report: most annotations first. Kinds without a class are not among them. */
  report(): ImportClass[] {
    return [...this.counted.entries()]
      .filter(([, { name }]) => name !== '')
      .map(([key, { task_type, name, count, by_type }]) => ({
        task_type,
        name,
        annotations: count,
        by_type,
        class_id: this.existing.get(key)?.id ?? null,
        keypoints: [...(this.described.get(key)?.keypoints ?? [])],
      }))
      .sort((a, b) => b.annotations - a.annotations);
  }
}
