// Fills the demo dataset through the public HTTP interface, as any program would. Everything it does can be done again:
// an interrupted seeding is completed by the next one, without duplicates.
import { createHash } from 'node:crypto';
import { createClient } from '@labelyard/contract';
import { withConnection } from '@labelyard/embedded-postgres';
import { confirmedTasks, DEMO_CLASSES, DEMO_TASKS, labelsOf, operationId } from './demo-labels.mjs';
import { DEMO_DATASET, DEMO_PASSWORD, DEMO_PEOPLE } from './demo-people.mjs';
import { demoPictures, renderPicture } from './pictures.mjs';

const AT_ONCE = 3;

/**
 * @typedef {import('@labelyard/contract').Client} Client
 * @typedef {import('./pictures.mjs').Picture & Awaited<ReturnType<typeof renderPicture>> & { index: number }} Rendered
 */

/**
 * @param {{ origin: string, labelerUrl: string, signal: AbortSignal }} options labelerUrl: for the memberships, which
 *   have no endpoint yet
 * @returns {Promise<{ images: number, annotations: number }>}
 */
export async function seedDataset({ origin, labelerUrl, signal }) {
  const [owner] = DEMO_PEOPLE;
  const login = await createClient({ origin })('auth.login', {
    body: { email: owner?.email ?? '', password: DEMO_PASSWORD },
  });
  const call = createClient({ origin, token: login.access_token });

  const dataset = (await findDataset(call)) ?? (await createDataset(call));
  await addMembers(call, labelerUrl, dataset.project_id, login.user.id);
  const classIds = await ensureClasses(call, dataset.project_id);
  const rendered = await mapLimited(demoPictures(), AT_ONCE, async (picture, index) => {
    signal.throwIfAborted();
    return { ...picture, ...(await renderPicture(picture)), index };
  });
  const imageIds = await uploadMissing(call, dataset, rendered, signal);
  const counts = await mapLimited(rendered, AT_ONCE, async (picture) => {
    signal.throwIfAborted();
    const imageId = imageIds.get(picture.path);
    if (imageId === undefined) throw new Error(`The demo image "${picture.path}" was not stored`);
    return labelImage(call, dataset, { imageId, picture, classIds });
  });
  return { images: rendered.length, annotations: counts.reduce((sum, count) => sum + count, 0) };
}

/** @param {Client} call */
async function findDataset(call) {
  const { items } = await call('datasets.list', { query: { q: DEMO_DATASET, limit: 50 } });
  return items.find(({ name, role }) => name === DEMO_DATASET && role === 'owner');
}

/** @param {Client} call */
function createDataset(call) {
  const body = {
    name: DEMO_DATASET,
    description:
      'Drawn by Labelyard itself, with labels that are exact by construction. The last pictures are left for you to label.',
    task_types: DEMO_TASKS,
  };
  // The same key for ever: a start that was cut off right here finds its dataset again.
  return call('datasets.create', { body }, { headers: { 'idempotency-key': 'labelyard-demo-dataset' } });
}

/**
 * @param {Client} call
 * @param {number} projectId
 * @returns {Promise<Map<string, number>>} "task/name" → id
 */
async function ensureClasses(call, projectId) {
  const known = new Map();
  const { items } = await call('classes.list', { params: { project_id: projectId } });
  for (const { task_type, name, id } of items) known.set(`${task_type}/${name}`, id);
  for (const task_type of DEMO_TASKS) {
    for (const { name, color } of DEMO_CLASSES[task_type]) {
      if (known.has(`${task_type}/${name}`)) continue;
      const made = await call('classes.create', {
        params: { project_id: projectId },
        body: { task_type, name, color },
      });
      known.set(`${task_type}/${name}`, made.id);
    }
  }
  return known;
}

/**
 * @param {Client} call
 * @param {{ id: number, project_id: number }} dataset
 * @param {Rendered[]} rendered
 * @param {AbortSignal} signal
 * @returns {Promise<Map<string, number>>} path → image id
 */
async function uploadMissing(call, dataset, rendered, signal) {
  const known = await imagesOf(call, dataset.project_id);
  const missing = new Map(rendered.filter(({ path }) => !known.has(path)).map((picture) => [picture.path, picture]));
  if (missing.size === 0) return known;

  const upload = await call('uploads.create', {
    params: { dataset_id: dataset.id },
    body: {
      on_duplicate: 'skip',
      files: [...missing.values()].map(({ path, bytes, format }) => ({
        path,
        size: bytes.length,
        content_type: `image/${format}`,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      })),
    },
  });
  const waiting = upload.files.filter(({ status }) => status === 'pending');
  await mapLimited(waiting, AT_ONCE, async ({ path, put_url, content_type }) => {
    const bytes = missing.get(path)?.bytes;
    if (!put_url || !bytes) throw new Error(`No address to store "${path}"`);
    const stored = await fetch(put_url, {
      method: 'PUT',
      headers: { 'content-type': content_type },
      body: new Uint8Array(bytes),
      signal,
    });
    if (!stored.ok)
      throw new Error(`Storing "${path}" was answered ${stored.status}: ${(await stored.text()).slice(0, 200)}`);
  });
  // One after the other, so that ids follow the order of the pictures.
  for (const { path } of upload.files) {
    signal.throwIfAborted();
    const done = await call('uploads.complete', { params: { upload_id: upload.id }, body: { paths: [path] } });
    for (const { name, message } of done.rejected) throw new Error(`The demo image "${name}" was refused: ${message}`);
    for (const { id } of done.items) known.set(path, id);
  }
  return known;
}

/** @param {Client} call @param {number} projectId */
async function imagesOf(call, projectId) {
  const { items } = await call('images.list', { params: { project_id: projectId }, query: { limit: 500 } });
  return new Map(items.map(({ path, id }) => [path, id]));
}

/**
 * @param {Client} call
 * @param {{ id: number, project_id: number }} dataset
 * @param {{ imageId: number, picture: Rendered, classIds: Map<string, number> }} options
 * @returns {Promise<number>} labels of the image
 */
async function labelImage(call, dataset, { imageId, picture, classIds }) {
  const params = { project_id: dataset.project_id, image_id: imageId };
  const labels = labelsOf(picture.index, picture);
  if (labels.length === 0) return 0;
  const operations = labels.map(({ task_type, class_name, geometry }, number) => ({
    op: /** @type {const} */ ('create'),
    op_id: operationId(dataset.id, picture.path, number),
    task_type,
    class_id: classIds.get(`${task_type}/${class_name}`),
    geometry: /** @type {any} */ (geometry),
  }));
  const { results } = await call('annotations.operations', { params, body: { operations } });
  const refused = results.find(({ status }) => status === 'rejected');
  if (refused) throw new Error(`A demo label of "${picture.path}" was refused: ${JSON.stringify(refused.issues)}`);
  for (const task_type of confirmedTasks(picture.index)) await call('images.confirm', { params, body: { task_type } });
  return labels.length;
}

/**
 * @param {Client} call
 * @param {string} labelerUrl
 * @param {number} projectId
 * @param {string} ownerId
 */
async function addMembers(call, labelerUrl, projectId, ownerId) {
  /** @type {[string, string][]} */
  const members = [];
  for (const { email, role } of DEMO_PEOPLE) {
    if (role === 'owner') continue;
    const { items } = await call('users.search', { query: { q: email } });
    const found = items.find((person) => person.email === email);
    if (found) members.push([found.id, role]);
  }
  await withConnection(labelerUrl, async (client) => {
    for (const [userId, role] of members) {
      await client.query(
        `insert into project_permissions (project_id, user_id, role, granted_by) values ($1, $2, $3, $4)
         on conflict (project_id, user_id) do nothing`,
        [projectId, userId, role, ownerId],
      );
    }
  });
}

/**
 * @template T, R
 * @param {readonly T[]} items
 * @param {number} limit how many run at the same moment
 * @param {(item: T, index: number) => Promise<R>} work
 * @returns {Promise<R[]>} in the order of the items
 */
async function mapLimited(items, limit, work) {
  /** @type {R[]} */
  const results = new Array(items.length);
  let next = 0;
  const runner = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(/** @type {T} */ (items[index]), index);
    }
  };
  await Promise.all(Array.from({ length: limit }, runner));
  return results;
}
