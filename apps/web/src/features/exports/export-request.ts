import {
  completeExportOptions,
  EXPORT_RULES,
  exportProblems,
  type ExportFormat,
  type ExportOptions,
  type ExportProblem,
} from '@labelyard/contract';
import { ANNOTATION_STATES, SPLITS, type AnnotationState, type Split, type TaskType } from '@labelyard/domain';

export const ALL_TASKS = 'all';

/** What the form holds; options of every format, so that looking at another one loses nothing. */
export interface ExportDraft {
  readonly format: ExportFormat;
  /** Null: the dataset as it is now. */
  readonly version_id: number | null;
  readonly task_type: TaskType | typeof ALL_TASKS;
  readonly states: readonly AnnotationState[];
  readonly splits: readonly Split[];
  readonly class_ids: readonly number[];
  readonly annotated_only: boolean;
  readonly include_images: boolean;
  readonly options: Readonly<Partial<Record<ExportFormat, ExportOptions>>>;
}

export const NEW_DRAFT: ExportDraft = {
  format: 'coco',
  version_id: null,
  task_type: ALL_TASKS,
  states: ANNOTATION_STATES,
  splits: SPLITS,
  class_ids: [],
  annotated_only: false,
  include_images: false,
  options: {},
};

/** Task types of the project that the format can hold. */
export function possibleTasks(format: ExportFormat, project: readonly TaskType[]): TaskType[] {
  return project.filter((type) => EXPORT_RULES[format].task_types.includes(type));
}

/** Task types that the draft is about, of those the source has. */
export function tasksInScope({ task_type }: ExportDraft, source: readonly TaskType[]): readonly TaskType[] {
  return task_type === ALL_TASKS ? source : [task_type];
}

/** Another state of the dataset; what was chosen of its content may not be there. */
export function withVersion(draft: ExportDraft, version_id: number | null): ExportDraft {
  return { ...draft, version_id, task_type: ALL_TASKS, class_ids: [] };
}

/** Another format; a task type that it cannot hold is let go. */
export function withFormat(draft: ExportDraft, format: ExportFormat): ExportDraft {
  const { task_type } = draft;
  const keeps = task_type === ALL_TASKS || EXPORT_RULES[format].task_types.includes(task_type);
  return { ...draft, format, task_type: keeps ? task_type : ALL_TASKS };
}

export function withOption(draft: ExportDraft, name: string, value: ExportOptions[string]): ExportDraft {
  const { format, options } = draft;
  return { ...draft, options: { ...options, [format]: { ...options[format], [name]: value } } };
}

/** The body of the request; what restricts nothing is left out. */
export function requestOf(project_id: number, draft: ExportDraft) {
  const { format, version_id, task_type, states, splits, class_ids, annotated_only, include_images, options } = draft;
  return {
    project_id,
    format,
    ...(version_id !== null && { version_id }),
    ...(task_type !== ALL_TASKS && { task_type }),
    ...(states.length < ANNOTATION_STATES.length && { state: [...states] }),
    ...(splits.length < SPLITS.length && { split: [...splits] }),
    ...(class_ids.length > 0 && { class_id: [...class_ids] }),
    ...(annotated_only && { images: 'annotated' as const }),
    ...(include_images && { include_images }),
    options: Object.fromEntries(
      Object.entries(options[format] ?? {}).map(([name, value]) => [
        name,
        typeof value === 'object' ? [...value] : value,
      ]),
    ),
  };
}

export type DraftProblem = ExportProblem['code'] | 'no_states' | 'no_splits';

/** Why the draft cannot be sent, null when it can. `task_types` are those in scope, which fill in options. */
export function draftProblem(draft: ExportDraft, task_types: readonly TaskType[]): DraftProblem | null {
  if (draft.states.length === 0) return 'no_states';
  if (draft.splits.length === 0) return 'no_splits';
  const { format, task_type, include_images, options } = draft;
  const [problem] = exportProblems({
    ...{ format, include_images },
    options: completeExportOptions(format, options[format] ?? {}, task_types),
    task_type: task_type === ALL_TASKS ? undefined : task_type,
  });
  return problem?.code ?? null;
}
