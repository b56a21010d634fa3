import type { TaskType, Visibility } from '@labelyard/domain';

/** The settings of a dataset as somebody is editing them. */
export interface SettingsDraft {
  readonly name: string;
  readonly description: string;
  readonly task_types: readonly TaskType[];
  readonly visibility: Visibility;
}

export function draftOf({ name, description, task_types, visibility }: SettingsDraft): SettingsDraft {
  return { name, description, task_types, visibility };
}

/** The fields of `draft` that differ, ready to send. */
export function changesOf(dataset: SettingsDraft, draft: SettingsDraft) {
  return {
    ...(draft.name.trim() !== dataset.name && { name: draft.name.trim() }),
    ...(draft.description.trim() !== dataset.description && { description: draft.description.trim() }),
    ...(draft.visibility !== dataset.visibility && { visibility: draft.visibility }),
    ...(!sameTypes(dataset, draft) && { task_types: [...draft.task_types] }),
  };
}

/** The draft after somebody else changed the dataset: what was edited here stays, the rest follows. */
export function followed(draft: SettingsDraft, before: SettingsDraft, now: SettingsDraft): SettingsDraft {
  const edited = changesOf(before, draft);
  const kept = (Object.keys(edited) as (keyof SettingsDraft)[]).map((field) => [field, draft[field]]);
  return { ...draftOf(now), ...(Object.fromEntries(kept) as Partial<SettingsDraft>) };
}

function sameTypes(a: SettingsDraft, b: SettingsDraft): boolean {
  return a.task_types.length === b.task_types.length && a.task_types.every((type) => b.task_types.includes(type));
}
