// Projects of any size, the same at every run: made through the API, filled by bulk SQL. Statuses and counters are as true as with
// every other writer.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { seededRandom } from './random.mjs';
import { CLASSES_PER_TASK, IMAGE_SIZE, measured, randomShape, TASKS } from './shapes.mjs';

/** How many different ones there are; a prime, so that an image in turn gets different ones. */
const SHAPES = 20_011;

/**
 * @typedef {object} Project
 * @property {number} project_id
 * @property {number} dataset_id
 * @property {number} images
 * @property {number} first_image id; the others follow without gaps
 * @property {Readonly<Record<string, readonly number[]>>} classes ids by task type
 */

/**
 * @param {import('./installation.mjs').Api} api
 * @param {string} labeler_url
 * @param {{ name: string, images: number, annotations: number, confirmed?: boolean, seed?: number }} options annotations go
 *   round the images in turn; `confirmed`: every third image is done
 * @returns {Promise<Project>}
 */
export async function makeProject(api, labeler_url, { name, images, annotations, confirmed = false, seed = 1 }) {
  const { id: dataset_id, project_id } = await api.call('datasets.create', { body: { name, task_types: [...TASKS] } });
  const classes = await makeClasses(api, project_id);
  const client = new pg.Client({ connectionString: labeler_url, statement_timeout: 0 });
  await client.connect();
  try {
    const first_image = await insertImages(client, { dataset_id, images, user_id: api.user_id });
    const project = { project_id, dataset_id, images, first_image, classes };
    await insertAnnotations(client, project, { annotations, seed, user_id: api.user_id });
    if (confirmed) {
      await client.query(
        `update image_statuses set confirmed_at = now(), confirmed_by = $2 where project_id = $1 and image_id % 3 = 0`,
        [project_id, api.user_id],
      );
    }
    // A table that nothing was put into has no statistics in a new installation either.
    for (const table of ['image_metadata', 'image_statuses', ...(annotations > 0 ? ['annotations'] : [])])
      await client.query(`vacuum (analyze) ${table}`);
    return project;
  } finally {
    await client.end();
  }
}

/** @param {import('./installation.mjs').Api} api @param {number} project_id */
async function makeClasses(api, project_id) {
  /** @type {Record<string, number[]>} */
  const classes = {};
  for (const task_type of TASKS) {
    const ids = (classes[task_type] = /** @type {number[]} */ ([]));
    for (let number = 1; number <= CLASSES_PER_TASK; number += 1) {
      const body = { task_type, name: `class ${number}` };
      ids.push((await api.call('classes.create', { params: { project_id }, body })).id);
    }
  }
  return classes;
}

/**
 * @param {pg.Client} client
 * @param {{ dataset_id: number, images: number, user_id: string }} options
 * @returns {Promise<number>} id of the first
 */
async function insertImages(client, { dataset_id, images, user_id }) {
  await client.query(
    `insert into image_metadata
       (dataset_id, path, width, height, size_bytes, sha256, content_type, thumbnail_state, uploaded_by, uploaded_at)
     select $1, format('camera_%s/%s/frame_%s.jpg', lpad((n % 12)::text, 2, '0'), date '2026-01-01' + n / 1000, lpad(n::text, 7, '0')),
       $2, $3, 150000 + n * 7919::bigint % 400000, encode(sha256(n::text::bytea), 'hex'), 'image/jpeg', 'ready', $4,
       timestamptz '2026-01-01' + n * interval '1 second'
     from generate_series(1, $5::integer) n order by n`,
    [dataset_id, IMAGE_SIZE.width, IMAGE_SIZE.height, user_id, images],
  );
  const { rows } = await client.query(
    'select min(id)::integer as first, count(*)::integer as found, max(id)::integer - min(id)::integer + 1 as span from image_metadata where dataset_id = $1',
    [dataset_id],
  );
  const { first, found, span } = rows[0];
  if (found !== images || span !== images) throw new Error(`${found} images with ids over ${span}, not ${images}`);
  return first;
}

/**
 * One statement makes all rows out of a few shapes, without the triggers that would look up image and class of each and count along; what
 * they keep is made good behind it, each image once, with the triggers of image_statuses at work.
 *
 * @param {pg.Client} client
 * @param {Project} project
 * @param {{ annotations: number, seed: number, user_id: string }} options
 */
async function insertAnnotations(client, project, { annotations, seed, user_id }) {
  const { project_id, images, first_image } = project;
  const shapes = Math.min(annotations, SHAPES);
  await client.query(
    `create temporary table shapes (n integer primary key, class_id bigint, task_type text, annotation_type text,
      bbox_x float8, bbox_y float8, bbox_w float8, bbox_h float8, area float8, geometry json)`,
  );
  const stream = client.query(copyFrom('copy shapes from stdin'));
  await pipeline(Readable.from(shapesText(project, { shapes, random: seededRandom(seed) })), stream);
  await client.query('analyze shapes');
  await client.query('set session_replication_role = replica');
  await client.query(
    `insert into annotations (project_id, image_id, class_id, task_type, annotation_type, bbox_x, bbox_y, bbox_w, bbox_h, area,
        created_by, updated_by, geometry, attributes)
      select $1, $2::bigint + row.n % $3::integer, class_id, task_type, annotation_type, bbox_x, bbox_y, bbox_w, bbox_h, area, $4, $4, geometry,
        case when row.n % 10 = 0 then '{"occluded": true, "note": "partly behind a tree"}' else '{}' end::jsonb
      from generate_series(0, $5::integer - 1) row (n) join shapes s on s.n = row.n % $6::integer`,
    [project_id, first_image, images, user_id, annotations, shapes],
  );
  await client.query('reset session_replication_role');
  await client.query(
    `update image_statuses s set annotation_count = c.count, draft_count = c.count
      from (select image_id, task_type, count(*) from annotations where project_id = $1 group by image_id, task_type) c
      where s.image_id = c.image_id and s.task_type = c.task_type`,
    [project_id],
  );
}

/**
 * Rows in COPY's text format. Nothing of ours needs its escapes: no value holds a backslash, tab or line break.
 *
 * @param {Project} project
 * @param {{ shapes: number, random: () => number }} options
 * @returns {Generator<string>}
 */
function* shapesText({ classes }, { shapes, random }) {
  for (let n = 0; n < shapes; n += 1) {
    const { task_type, class_number, geometry } = randomShape(random);
    const { annotation_type, bbox_x, bbox_y, bbox_w, bbox_h, area, geometry: text } = measured(geometry);
    const row = [
      n,
      classes[task_type]?.[class_number],
      task_type,
      annotation_type,
      bbox_x,
      bbox_y,
      bbox_w,
      bbox_h,
      area,
    ];
    yield `${row.join('\t')}\t${text}\n`;
  }
}
