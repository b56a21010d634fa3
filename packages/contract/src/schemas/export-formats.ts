import { TASK_TYPES, type TaskType } from '@labelyard/domain';
import { z } from 'zod';

/** Formats as programs name them, in the order in which people are offered them. */
export const EXPORT_FORMATS = ['coco', 'yolo', 'pascal_voc', 'cvat', 'label_studio', 'labelme', 'csv', 'dice'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The one format that exports and imports call differently: each takes the other's name too. */
const VOC = { exported: 'pascal_voc', imported: 'voc' } as const;
export const exportFormat = z
  .enum([...EXPORT_FORMATS, VOC.imported])
  .transform((name): ExportFormat => (name === VOC.imported ? VOC.exported : name));
/** One of the formats by name, or `auto` to recognise it. Any text: which there are to read is the server's to say. */
export const importFormat = z
  .string()
  .min(1)
  .max(40)
  .default('auto')
  .transform((name) => (name === VOC.exported ? VOC.imported : name));

/** A choice that a format offers. A form can be made from it, and a request is checked by it. */
export type ExportOption =
  | { readonly type: 'flag'; readonly default: boolean }
  | {
      readonly type: 'choice';
      readonly values: readonly string[];
      readonly default: string;
      /** What each value is made from, the main one first. Left out, the option is the first whose main one is in scope. */
      readonly for_task?: Readonly<Record<string, readonly TaskType[]>>;
    }
  /** Several of `values`; left out, what the chosen task types need. */
  | {
      readonly type: 'set';
      readonly values: readonly string[];
      readonly for_task: Readonly<Record<string, readonly TaskType[]>>;
    };
export type ExportOptionValue = boolean | string | readonly string[];
export type ExportOptions = Readonly<Record<string, ExportOptionValue>>;

interface FormatRules {
  /** What the format can hold at all. */
  readonly task_types: readonly TaskType[];
  readonly options: Readonly<Record<string, ExportOption>>;
  /** One file instead of an archive, as long as there are no images beside it. */
  readonly single_file: string | null;
  /** What the choices together make impossible, beyond the lists above. */
  readonly refuse?: (request: ExportQuestion) => ExportProblem | null;
}

/** The part of a request for an export that decides whether it is possible. */
export interface ExportQuestion {
  readonly format: ExportFormat;
  readonly task_type?: TaskType | undefined;
  readonly include_images: boolean;
  readonly options: ExportOptions;
}

export interface ExportProblem {
  /** Dotted. */
  readonly path: string;
  readonly code:
    | 'unknown_option'
    | 'bad_option'
    | 'task_type_impossible'
    | 'kind_needs_task_type'
    | 'file_needs_task_type'
    | 'circles_needed'
    | 'images_needed';
  readonly message: string;
}

const EVERY_TASK = TASK_TYPES;
const SHAPES = TASK_TYPES.filter((type) => type !== 'keypoint' && type !== 'captioning');

/** Task types that each kind of YOLO dataset is made from; `geometry` when circles are written. */
export const YOLO_KIND_TASKS: Readonly<Record<string, readonly TaskType[]>> = {
  detect: ['detection', 'geometry'],
  segment: ['segmentation', 'geometry'],
  obb: ['detection', 'geometry'],
  pose: ['keypoint'],
  classify: ['classification'],
};

const YOLO_KIND = {
  type: 'choice',
  values: Object.keys(YOLO_KIND_TASKS),
  default: 'detect',
  for_task: YOLO_KIND_TASKS,
} as const satisfies ExportOption;

/** Files of a COCO export and what each is made from. */
export const COCO_FILE_TASKS: Readonly<Record<string, readonly TaskType[]>> = {
  instances: ['detection', 'segmentation', 'geometry'],
  keypoints: ['keypoint'],
  captions: ['captioning'],
  labels: ['classification'],
};

/** The one table of what can be asked of a format. The API checks requests by it, the web makes its form from it. */
export const EXPORT_RULES: Readonly<Record<ExportFormat, FormatRules>> = {
  coco: {
    task_types: EVERY_TASK,
    single_file: 'json',
    options: {
      include: { type: 'set', values: Object.keys(COCO_FILE_TASKS), for_task: COCO_FILE_TASKS },
      outlines_as_polygons: { type: 'flag', default: false },
    },
    refuse: ({ task_type, options }) => {
      const files = options['include'];
      if (!task_type || !Array.isArray(files)) return null;
      if (files.some((file: string) => COCO_FILE_TASKS[file]?.includes(task_type))) return null;
      return {
        path: 'options.include',
        code: 'file_needs_task_type',
        message: `holds nothing of task type "${task_type}"; leave it out, or include ${fileFor(task_type)}`,
      };
    },
  },
  yolo: {
    task_types: TASK_TYPES.filter((type) => type !== 'captioning'),
    single_file: null,
    options: {
      kind: YOLO_KIND,
      circles: { type: 'flag', default: false },
      holes: { type: 'choice', values: ['bridge', 'fill'], default: 'bridge' },
    },
    refuse: ({ task_type, include_images, options }) => {
      const kind = String(options['kind'] ?? chosenFor(YOLO_KIND, task_type ? [task_type] : []));
      const tasks = YOLO_KIND_TASKS[kind] ?? [];
      if (task_type && !tasks.includes(task_type))
        return {
          path: 'options.kind',
          code: 'kind_needs_task_type',
          message: `is "${kind}", which is made from ${tasks[0]}, not from ${task_type}; a YOLO dataset holds one kind of rows`,
        };
      if (task_type === 'geometry' && options['circles'] !== true)
        return {
          path: 'options.circles',
          code: 'circles_needed',
          message: 'must be true: of geometry a YOLO dataset holds circles only, as boxes or as polygons',
        };
      if (kind === 'classify' && !include_images)
        return {
          path: 'include_images',
          code: 'images_needed',
          message: 'must be true: a YOLO classification dataset consists of folders of images',
        };
      return null;
    },
  },
  pascal_voc: {
    task_types: SHAPES,
    single_file: null,
    options: {
      masks: { type: 'flag', default: false },
      zero_based: { type: 'flag', default: false },
      rotated: { type: 'flag', default: false },
    },
  },
  cvat: { task_types: TASK_TYPES.filter((type) => type !== 'captioning'), single_file: 'xml', options: {} },
  label_studio: { task_types: EVERY_TASK, single_file: null, options: {} },
  labelme: { task_types: SHAPES, single_file: null, options: {} },
  csv: { task_types: EVERY_TASK, single_file: 'csv', options: {} },
  dice: { task_types: EVERY_TASK, single_file: 'json', options: {} },
};

/** What is wrong with what was asked for; the first of each kind. Empty: it can be done. */
export function exportProblems(question: ExportQuestion): ExportProblem[] {
  const { task_types, options, refuse } = EXPORT_RULES[question.format];
  const problems = Object.entries(question.options).flatMap(([name, value]): ExportProblem[] => {
    const path = `options.${name}`;
    const rule = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!rule) {
      const known = Object.keys(options);
      const message =
        known.length > 0
          ? `is no option of ${question.format}; it has ${known.join(', ')}`
          : `is no option of ${question.format}, which has none`;
      return [{ path, code: 'unknown_option', message }];
    }
    const wanted = badValue(rule, value);
    return wanted ? [{ path, code: 'bad_option', message: `must be ${wanted}` }] : [];
  });
  if (problems.length > 0) return problems;
  const { format, task_type } = question;
  if (task_type && !task_types.includes(task_type)) {
    const message = `is "${task_type}", which ${format} has no place for; it holds ${task_types.join(', ')}`;
    return [{ path: 'task_type', code: 'task_type_impossible', message }];
  }
  const refused = refuse?.(question);
  return refused ? [refused] : [];
}

/** The options with what was left out filled in, by the task types in scope. */
export function completeExportOptions(
  format: ExportFormat,
  given: ExportOptions,
  task_types: readonly TaskType[],
): ExportOptions {
  return Object.fromEntries(
    Object.entries(EXPORT_RULES[format].options).map(([name, rule]) => {
      if (rule.type === 'flag') return [name, given[name] ?? rule.default];
      if (rule.type === 'choice') return [name, given[name] ?? chosenFor(rule, task_types)];
      const asked = given[name];
      // In the order of the table, each once, whatever the request's: equal requests are equal.
      return [
        name,
        Array.isArray(asked) ? rule.values.filter((value) => asked.includes(value)) : neededBy(rule, task_types),
      ];
    }),
  );
}

/** Whether an export is one file by itself; else it is an archive. */
export function isSingleFile({ format, include_images, options }: Omit<ExportQuestion, 'task_type'>): boolean {
  const files = options['include'];
  return EXPORT_RULES[format].single_file !== null && !include_images && (!Array.isArray(files) || files.length === 1);
}

/** What the task types in scope are made into: the default where they allow it. */
function chosenFor(rule: Extract<ExportOption, { type: 'choice' }>, task_types: readonly TaskType[]): string {
  const fits = (value: string) => task_types.includes(rule.for_task?.[value]?.[0] as TaskType);
  return fits(rule.default) ? rule.default : (rule.values.find(fits) ?? rule.default);
}

/** The first file that the task types fill: one request, one file, unless more are asked for. */
function neededBy(rule: Extract<ExportOption, { type: 'set' }>, task_types: readonly TaskType[]): string[] {
  const needed = rule.values.find((value) => rule.for_task[value]?.some((type) => task_types.includes(type)));
  return [needed ?? rule.values[0]!];
}

function badValue(rule: ExportOption, value: ExportOptionValue): string | null {
  switch (rule.type) {
    case 'flag':
      return typeof value === 'boolean' ? null : 'true or false';
    case 'choice':
      return typeof value === 'string' && rule.values.includes(value) ? null : `one of ${rule.values.join(', ')}`;
    case 'set':
      return Array.isArray(value) && value.length > 0 && value.every((one: string) => rule.values.includes(one))
        ? null
        : `a list of one or more of ${rule.values.join(', ')}`;
  }
}

function fileFor(task_type: TaskType): string {
  return Object.entries(COCO_FILE_TASKS).find(([, tasks]) => tasks.includes(task_type))?.[0] ?? '';
}
