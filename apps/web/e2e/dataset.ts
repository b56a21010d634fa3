import {
  endpointUrl,
  toApiError,
  type Dataset,
  type Image,
  type LabelClass,
  type UploadAnswer,
} from '@labelyard/contract';
import type { TaskType } from '@labelyard/domain';
import { env } from './env';
import { photo } from './pictures/photo';
import type { Session } from './session';

export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface MadeDataset {
  readonly dataset: Dataset;
  readonly classes: readonly LabelClass[];
  /** In the order of the files. */
  readonly images: readonly Image[];
}

let made = 0;

/** A dataset of the journey's own, made through the API: for journeys that begin where it already exists. */
export async function makeDataset(
  { api, token }: Session,
  {
    name = 'Journey',
    classes = { detection: ['car', 'person'] },
    files,
  }: {
    name?: string;
    /** Per task type; the keys are the dataset's task types. */
    classes?: Partial<Record<TaskType, readonly string[]>>;
    /** One generated photograph when not given. */
    files?: readonly NamedFile[];
  } = {},
): Promise<MadeDataset> {
  const task_types = Object.keys(classes) as TaskType[];
  made += 1;
  const body = { name: `${name} ${process.pid}-${made}`, task_types };
  const dataset = await api('datasets.create', { body });
  const created: LabelClass[] = [];
  for (const task_type of task_types)
    for (const class_name of classes[task_type] ?? [])
      created.push(
        await api('classes.create', {
          params: { project_id: dataset.project_id },
          body: { task_type, name: class_name },
        }),
      );
  const list = files ?? [{ name: 'photo.jpg', bytes: await photo() }];
  const images = list.length > 0 ? await uploadFiles(token, dataset.id, list) : [];
  return { dataset, classes: created, images };
}

export async function uploadFiles(token: string, dataset_id: number, files: readonly NamedFile[]): Promise<Image[]> {
  const form = new FormData();
  for (const { name, bytes } of files) form.append('files', new Blob([Uint8Array.from(bytes)]), name);
  const response = await fetch(env().api_url + endpointUrl('images.upload', { dataset_id }), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: form,
  });
  if (!response.ok) throw await toApiError(response);
  const { items, rejected } = (await response.json()) as UploadAnswer;
  if (rejected.length > 0) throw new Error(`Refused: ${JSON.stringify(rejected)}`);
  return files.map(({ name }) => items.find(({ path }) => path === name) ?? fail(`${name} was not stored`));
}

function fail(message: string): never {
  throw new Error(message);
}
