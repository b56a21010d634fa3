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

function mostFrequent<T>(values: readonly T[]): T | null {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most?.[0] ?? null;
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

  /**
   * Takes the classes that are described and have no annotation, for the report and for being made; and puts those to be made in the order
   * in which the files describe them. A description without a task is of the one that most classes of the files have.
   */
  async settleUnlabeled(task_types: readonly TaskType[]): Promise<void> {
    const labeled = [...this.counted.values()];
    const names = new Set(labeled.map(({ name }) => name.toLowerCase()));
    const usual = mostFrequent(labeled.map(({ task_type }) => task_type));
    for (const { task_type, name } of this.described.values()) {
      const task = task_type ?? (names.has(name.toLowerCase()) ? null : usual);
      if (task === null || !task_types.includes(task)) continue;
      const key = keyOf(task, name);
      if (this.counted.has(key) || this.counted.size >= MOST_CLASSES) continue;
      this.counted.set(key, { task_type: task, name, count: 0, by_type: {} });
      if (this.choices.unlabeled_classes) await this.target(task, name);
    }
    const order = new Map([...this.described.values()].map(({ name }, n) => [name.toLowerCase(), n]));
    const placeOf = ({ name }: NewImportClass) => order.get(name.toLowerCase()) ?? order.size;
    this.created.sort((a, b) => placeOf(a) - placeOf(b));
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
