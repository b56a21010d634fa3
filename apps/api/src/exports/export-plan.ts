import {
  completeExportOptions,
  EXPORT_RULES,
  isSingleFile,
  type ExportChoices,
  type ExportCreateBody,
  type ExportFormat,
  type ExportOptions,
} from '@labelyard/contract';
import type { ExportDetail, ExportFilter, VersionRow } from '@labelyard/db';
import type { TaskType } from '@labelyard/domain';
import { FORMATS, type Format, type FormatName } from '@labelyard/formats';
import { exportFileName } from '@labelyard/storage';

/** Names on the wire are those that file names are made of. */
const CODECS: Readonly<Record<ExportFormat, FormatName>> = {
  coco: 'coco',
  yolo: 'yolo',
  pascal_voc: 'voc',
  cvat: 'cvat',
  label_studio: 'label_studio',
  labelme: 'labelme',
  csv: 'csv',
  dice: 'dice',
};

/** What each format has a place for; what is not asked for costs nothing. */
const DETAILS: Readonly<Record<ExportFormat, ExportDetail>> = {
  coco: 'shape',
  yolo: 'label',
  pascal_voc: 'task',
  cvat: 'task',
  label_studio: 'task',
  labelme: 'task',
  csv: 'task',
  dice: 'origin',
};

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  json: 'application/json',
  xml: 'application/xml',
  csv: 'text/csv; charset=utf-8',
  zip: 'application/zip',
};

/** What a request comes to: which codec writes what, into which kind of file. */
export interface ExportPlan {
  readonly format: Format;
  readonly filter: ExportFilter;
  readonly task_types: readonly TaskType[];
  readonly options: ExportOptions;
  readonly archive: boolean;
  readonly file_name: string;
  readonly content_type: string;
}

/** What matters of a version that is exported. */
export type ExportedVersion = Pick<VersionRow, 'id' | 'number' | 'options' | 'task_types'>;

/** A request as it is kept: lists instead of single values, in an order of their own, nothing that says nothing. */
export function choicesOf(
  body: ExportCreateBody,
  project_task_types: readonly TaskType[],
  version: ExportedVersion | null = null,
): ExportChoices {
  const { format, task_type, state, class_id, split, split_shares, images, include_images, options } = body;
  const shares = split_shares ?? version?.options.shares;
  return {
    ...(version && { version_id: version.id, version_number: version.number }),
    ...(task_type && { task_type }),
    ...(state && { states: listOf(state) }),
    ...(class_id && { class_ids: listOf(class_id).sort((a, b) => a - b) }),
    ...(split && { splits: listOf(split) }),
    ...(shares && { split_shares: shares }),
    images,
    include_images,
    options: completeExportOptions(format, options, task_type ? [task_type] : project_task_types) as NonNullable<
      ExportChoices['options']
    >,
  };
}

function listOf<T>(one_or_many: T | readonly T[]): T[] {
  return [...new Set([one_or_many].flat() as T[])];
}

/** `created_at` names the file: the day the export was asked for, also when it runs later or again. */
export function planExport(
  row: { readonly project_id: number; readonly format: string; readonly created_at: string },
  choices: ExportChoices,
  project_task_types: readonly TaskType[],
): ExportPlan {
  const name = row.format as ExportFormat;
  const { task_type, include_images = false } = choices;
  const task_types = task_type ? [task_type] : project_task_types;
  const options = completeExportOptions(name, choices.options ?? {}, task_types);
  const archive = !isSingleFile({ format: name, include_images, options });
  const extension = archive ? 'zip' : (EXPORT_RULES[name].single_file ?? 'zip');
  const format = FORMATS[CODECS[name]];
  return {
    format,
    filter: {
      project_id: row.project_id,
      version_id: choices.version_id,
      task_types: task_type && [task_type],
      states: choices.states,
      class_ids: choices.class_ids,
      annotated_only: choices.images === 'annotated',
      detail: DETAILS[name],
      geometry_of: format.looks_at?.(options),
      area_wanted: format.area_wanted,
    },
    task_types,
    options,
    archive,
    file_name: exportFileName(name, extension, new Date(row.created_at)),
    content_type: CONTENT_TYPES[extension] ?? 'application/octet-stream',
  };
}
