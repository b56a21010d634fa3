import { createClient, type Client } from '@labelyard/contract';
import { createClient as connect, type DatabaseOptions } from '@labelyard/db';
import { noisePicture, PICTURE_SIZE } from './pictures.js';
import type { WriterProject } from './writer.js';

const IMAGES_PER_REQUEST = 25;
/** Rows per statement: the triggers of a statement hold its rows until its end. */
const ROWS_PER_STATEMENT = 100_000;

export interface Login {
  readonly email: string;
  readonly password: string;
}

/** Signs in. @throws ApiError */
export async function signIn(origin: string, { email, password }: Login): Promise<{ token: string; user_id: string }> {
  const { access_token, user } = await createClient({ origin })('auth.login', { body: { email, password } });
  return { token: access_token, user_id: user.id };
}

/** A dataset of generated pictures, uploaded as people do, with boxes put in by SQL; the same numbers at every run. */
export async function seedInstallation(options: {
  readonly origin: string;
  readonly token: string;
  readonly user_id: string;
  readonly labeler: DatabaseOptions;
  readonly images: number;
  readonly annotations: number;
  readonly progress: (done: number, total: number) => void;
}): Promise<WriterProject> {
  const { origin, token, images } = options;
  const call = createClient({ origin, token });
  const { id: dataset_id, project_id } = await call('datasets.create', {
    body: { name: 'Rehearsal', task_types: ['detection'] },
  });
  const { id: class_id } = await call('classes.create', {
    params: { project_id },
    body: { task_type: 'detection', name: 'thing' },
  });
  const ids: number[] = [];
  for (let from = 0; from < images; from += IMAGES_PER_REQUEST) {
    ids.push(...(await uploadSome({ origin, token, dataset_id }, from, Math.min(images, from + IMAGES_PER_REQUEST))));
    options.progress(ids.length, images);
  }
  const project = { project_id, dataset_id, class_id, images: ids };
  await insertBoxes(options.labeler, project, options);
  await untilThumbnails(call, project_id, images);
  return project;
}

async function uploadSome(
  { origin, token, dataset_id }: { origin: string; token: string; dataset_id: number },
  from: number,
  to: number,
): Promise<number[]> {
  const form = new FormData();
  for (let n = from; n < to; n += 1)
    form.append('files', new File([noisePicture(n)], `camera/frame_${String(n).padStart(6, '0')}.png`));
  const response = await fetch(`${origin}/api/v1/datasets/${dataset_id}/images`, {
    method: 'POST',
    body: form,
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new Error(`Seeding pictures was answered ${response.status}: ${await response.text()}`);
  const { items } = (await response.json()) as { items: { id: number }[] };
  return items.map(({ id }) => id);
}

async function insertBoxes(
  labeler: DatabaseOptions,
  { project_id, class_id, images }: WriterProject,
  { annotations, user_id }: { annotations: number; user_id: string },
): Promise<void> {
  const client = connect(labeler);
  await client.connect();
  try {
    for (let from = 0; from < annotations; from += ROWS_PER_STATEMENT) {
      await client.query(
        `insert into annotations (project_id, image_id, class_id, task_type, annotation_type, bbox_x, bbox_y, bbox_w, bbox_h,
           area, created_by, updated_by, geometry)
         select $1, ($2::bigint[])[1 + n % $3], $4, 'detection', 'bbox', x, y, w, h, w * h, $5, $5,
           json_build_object('type', 'bbox', 'bbox', json_build_array(x, y, w, h))
         from generate_series($6::integer, $7::integer) n,
           lateral (select (n * 37 % ${PICTURE_SIZE.width - 60})::float8 + 0.25 as x, (n * 53 % ${PICTURE_SIZE.height - 60})::float8 as y,
             (10 + n % 45)::float8 + 0.5 as w, (8 + n % 40)::float8 as h) box`,
        [
          project_id,
          images,
          images.length,
          class_id,
          user_id,
          from,
          Math.min(annotations, from + ROWS_PER_STATEMENT) - 1,
        ],
      );
    }
  } finally {
    await client.end();
  }
}

/** Until the background work of the uploads is done: what follows measures a move, not thumbnails. */
async function untilThumbnails(call: Client, project_id: number, images: number): Promise<void> {
  for (;;) {
    const { items } = await call('images.list', {
      params: { project_id },
      query: { sort: '-id', limit: Math.min(500, images) },
    });
    if (items.every(({ thumbnail_url }) => thumbnail_url !== null)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
