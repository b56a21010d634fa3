import type { ImportChoices, ImportReport } from '@labelyard/contract';
import type { ClassRow, ImportIssueRow, ImportPictureRow, StagedAnnotation, NewImportClass } from '@labelyard/db';
import type { Split, TaskType } from '@labelyard/domain';
import type { FormatReader, ImportedAnnotation, Recognition } from '@labelyard/formats';
import { ClassChoice, MOST_CLASSES } from './class-choice.js';
import type { FoundBy, FoundImage, ImageFinder } from './image-finder.js';
import type { ImportSource } from './import-source.js';
import type { IssueList } from './issue-list.js';
import { SplitChoice } from './split-choice.js';
import { stagedRow } from './staged-row.js';

export interface ImportPassOptions {
  readonly recognition: Recognition;
  readonly read: FormatReader;
  readonly choices: ImportChoices;
  readonly task_types: readonly TaskType[];
  readonly classes: readonly ClassRow[];
  /** For classes to be made; null while nothing is made. */
  readonly newClassId: (() => Promise<number>) | null;
  readonly pictures: readonly ImportPictureRow[];
  /** Called every few thousand records; what it throws ends the pass. */
  readonly step: () => Promise<void>;
}

export interface PassOutcome {
  readonly report: ImportReport;
  readonly issues: ImportIssueRow[];
  readonly new_classes: readonly NewImportClass[];
  /** Sound annotations that the choices leave out, by code. */
  readonly left_out: readonly { readonly code: string; readonly count: number }[];
  /** Images to be put into a split, by id. */
  readonly splits: ReadonlyMap<number, Split>;
  /** Images with labels in the files, of those the dataset has. */
  readonly labeled_ids: ReadonlySet<number>;
}

const STEP = 2_000;
/** So few that they are stored before the next collection. */
const ROWS_AT_ONCE = 64;

/**
 * Reads all labels once: counts them for the report, and yields what is to be stored. Whoever only looks drains it; whoever imports
 * copies it. The outcome is there when it was read to its end.
 */
export class ImportPass {
  outcome: PassOutcome | null = null;

  constructor(
    private readonly source: ImportSource,
    private readonly finder: ImageFinder,
    private readonly issues: IssueList,
    private readonly options: ImportPassOptions,
  ) {}

  /** Some at a time. */
  async *rows(): AsyncGenerator<readonly StagedAnnotation[]> {
    const { options, issues } = this;
    const { choices } = options;
    const classes = new ClassChoice(options.classes, choices, options.newClassId);
    const found = new FoundImages(this.finder);
    const fates = { path: 0, matched_by_name: 0, matched_by_hash: 0, new: 0, rejected: 0 };
    const came = new Map(options.pictures.map(({ path, fate }) => [path, fate]));
    const labeled = new Set<string>();
    const splits = new SplitChoice(choices.splits);
    const by_type: Record<string, number> = {};
    const left_out = new Map<string, number>();
    let annotations = 0;
    let seen = 0;
    const run = options.read(this.source.files, {
      findImage: (path) => {
        const hit = this.finder.find(path);
        if (!hit) return null;
        found.add(hit.image, hit.by);
        return hit.image;
      },
    });
    let rows: StagedAnnotation[] = [];
    for await (const batch of run.batches) {
      for (const record of batch) {
        if ((seen += 1) % STEP === 0) await options.step();
        if (record.kind === 'class') {
          classes.describe(record);
          continue;
        }
        if (record.kind === 'image') {
          const image = found.get(record.path);
          const by = found.by(record.path);
          if (image) splits.add(image, record.split);
          fates[by === 'name' ? 'matched_by_name' : by === 'picture' ? (came.get(record.path) ?? 'path') : 'path'] += 1;
          continue;
        }
        const image = found.get(record.image);
        const problem = image ? this.problem(record, classes) : 'unknown_image';
        if (problem !== null || !image) continue;
        annotations += 1;
        by_type[record.geometry.type] = (by_type[record.geometry.type] ?? 0) + 1;
        labeled.add(record.image);
        let class_id: number | null = null;
        if (record.class_name !== null) {
          const pending = classes.target(record.task_type, record.class_name);
          const target = pending instanceof Promise ? await pending : pending;
          if (target.id === null) {
            left_out.set('class_left_out', (left_out.get('class_left_out') ?? 0) + 1);
            continue;
          }
          if (
            record.geometry.type === 'keypoints' &&
            target.keypoints > 0 &&
            record.geometry.points.length !== target.keypoints
          ) {
            issues.error('keypoints_differ', record.at, `The class has ${target.keypoints} keypoints, the annotation ${record.geometry.points.length}`); // prettier-ignore
            left_out.set('keypoints_differ', (left_out.get('keypoints_differ') ?? 0) + 1);
            continue;
          }
          class_id = target.id;
        }
        rows.push(stagedRow(record, { image_id: image.id, class_id, state: choices.state }));
        if (rows.length < ROWS_AT_ONCE) continue;
        yield rows;
        rows = [];
      }
    }
    if (rows.length > 0) yield rows;
    await classes.settleUnlabeled(options.task_types);
    const remark = splits.remark();
    if (remark) issues.warn('split_not_kept', { file: '' }, remark);
    for (const path of this.finder.ambiguous) {
      issues.warn('ambiguous_image', { file: path }, 'Several images could be meant; name it with its folders');
    }
    const { issues: list, counts } = issues.with(run.report());
    const count = (fate: string) => options.pictures.filter((picture) => picture.fate === fate).length;
    this.outcome = {
      report: {
        ...options.recognition,
        files: this.source.files.length,
        bytes: this.source.bytes,
        images: {
          matched_by_path: fates.path,
          matched_by_name: fates.matched_by_name,
          matched_by_hash: fates.matched_by_hash,
          new: choices.new_images ? count('new') : 0,
          missing: counts.find(({ code }) => code === 'image_missing')?.count ?? 0,
          rejected: count('rejected'),
          labeled: labeled.size,
          labeled_before: 0,
          by_split: splits.report(),
        },
        annotations,
        by_type,
        classes: classes.report(),
        issue_counts: counts.map((entry) => ({ ...entry })),
      },
      issues: list,
      new_classes: classes.created,
      splits: splits.chosen,
      left_out: [...left_out].map(([code, number]) => ({ code, count: number })),
      labeled_ids: new Set([...labeled].flatMap((path) => found.get(path)?.id ?? [])),
    };
  }

  private problem(record: ImportedAnnotation, classes: ClassChoice): string | null {
    if (!this.options.task_types.includes(record.task_type)) {
      this.issues.error('task_not_in_project', record.at, `The project is not labeled for ${record.task_type}; add the task in its settings`); // prettier-ignore
      return 'task_not_in_project';
    }
    if (!classes.count(record)) {
      this.issues.error('too_large', record.at, `The files name more than ${MOST_CLASSES} classes`);
      return 'too_large';
    }
    return null;
  }
}

/** Images that the files name, by their path in the dataset. Nothing is kept of those that were found by it, most often all of them. */
class FoundImages {
  private readonly others = new Map<string, { readonly image: FoundImage; readonly by: FoundBy }>();

  constructor(private readonly finder: ImageFinder) {}

  add(image: FoundImage, by: FoundBy): void {
    if (by === 'path') this.others.delete(image.path);
    else this.others.set(image.path, { image, by });
  }

  get(path: string): FoundImage | null {
    return this.others.get(path)?.image ?? this.finder.stored(path);
  }

  by(path: string): FoundBy {
    return this.others.get(path)?.by ?? 'path';
  }
}
