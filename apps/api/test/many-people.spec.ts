import { readFile } from 'node:fs/promises';
import type { AnnotationTask } from '@labelyard/contract';
import { createTestApp, type TestApp, type TestPerson } from './app.factory.js';

const MEMBERS = 10_000;
const IMAGES = 20_000;
/** Of processors: what else the machine does meanwhile does not count. */
const SPLIT_CPU_MS = 4_000;
const PAGE_MS = 2_000;

let api: TestApp;
let dataset: { id: number; project_id: number };
let adam: TestPerson;

beforeAll(async () => {
  api = await createTestApp();
  dataset = await api.newDataset({ task_types: ['detection'] });
  adam = await api.newMember(dataset.project_id, 'admin');
  const people = await api.users.users.upsertPeople(
    Array.from({ length: MEMBERS }, (_, n) => ({
      email: `crowd-${n}@example.org`,
      full_name: `Crowd ${String(n).padStart(5, '0')}`,
      hashed_password: 'x',
      system_role: 'standard_engineer' as const,
    })),
  );
  await api.db.sql.run(
    `insert into project_permissions (project_id, user_id, role, granted_by)
      select $1, id, 'annotator', $2 from unnest($3::text[]) id`,
    [dataset.project_id, api.owner.id, people.map(({ id }) => id)],
  );
}, 120_000);
afterAll(() => api.close());

/** What it answers, and how long that took. */
async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const begun = performance.now();
  return [await work(), performance.now() - begun];
}

/** How long processors worked for this, in the API and in its database sessions. */
async function cpuOf(work: () => Promise<unknown>): Promise<{ api_ms: number; database_ms: number }> {
  const sessions = await api.db.sql.rows<{ pid: number }>(
    'select pid from pg_stat_activity where datname = current_database()',
  );
  const inDatabase = async () => {
    const stats = await Promise.all(sessions.map(({ pid }) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
    // Fields 14 and 15: time for itself and in the kernel, in hundredths of a second.
    return stats
      .map((stat) => stat.slice(stat.lastIndexOf(')')).split(' '))
      .reduce((sum, fields) => sum + (Number(fields[12] ?? 0) + Number(fields[13] ?? 0)) * 10, 0);
  };
  const [own, database] = [process.cpuUsage(), await inDatabase()];
  await work();
  const { user, system } = process.cpuUsage(own);
  return { api_ms: (user + system) / 1_000, database_ms: (await inDatabase()) - database };
}

test('one of ten thousand people is found by the server', async () => {
  const [{ body }, ms] = await timed(async () =>
    api.as(adam).get('/api/v1/users/search').query({ q: 'crowd 07777', limit: 20 }).expect(200),
  );
  expect(body.items).toMatchObject([{ full_name: 'Crowd 07777' }]);
  expect(ms).toBeLessThan(PAGE_MS);
});

test('one of ten thousand members is found by the server, and nobody who is no member', async () => {
  const outsider = await api.newPerson({ full_name: 'Crowd 07777 of another project' });
  const path = `/api/v1/projects/${dataset.project_id}/permissions/search`;
  const [{ body }, ms] = await timed(async () =>
    api.as(adam).get(path).query({ q: 'crowd 07777', workers: true }).expect(200),
  );
  expect(body).toMatchObject({ items: [{ role: 'annotator', user: { full_name: 'Crowd 07777' } }], next_cursor: null });
  expect(ms).toBeLessThan(PAGE_MS);
  await api.as(outsider).get(path).query({ q: 'crowd' }).expect(404);
});

test('twenty thousand images are split among people within one request', async () => {
  const { id, project_id } = dataset;
  await api.db.sql.run(
    `insert into image_metadata (dataset_id, path, content_type, width, height, size_bytes, sha256, uploaded_by)
      select $1, 'city/' || (n % 40) || '/' || lpad(n::text, 6, '0') || '.jpg', 'image/jpeg', 100, 80, 10, repeat('a', 64), $2
      from generate_series(1, ${IMAGES}) n`,
    [id, api.owner.id],
  );
  const members = await api.db.projects.members(project_id, { limit: 20, cursor: undefined });
  const assignees = members.items.filter(({ role }) => role === 'annotator').map(({ user_id }) => user_id);
  const body = { task_type: 'detection', name: 'City', rule: { by: 'size', size: 500 }, assignees };
  const preview = await cpuOf(async () => {
    const { body: answer } = await api.as(adam).post(`/api/v1/projects/${project_id}/tasks/preview`).send(body);
    expect(answer).toMatchObject({ image_count: IMAGES });
  });
  let tasks: AnnotationTask[] = [];
  const split = await cpuOf(async () => {
    tasks = (await api.as(adam).post(`/api/v1/projects/${project_id}/tasks`).send(body).expect(201)).body.items;
  });
  expect(tasks).toHaveLength(IMAGES / 500);
  expect(tasks.reduce((sum, task) => sum + task.image_count, 0)).toBe(IMAGES);
  expect(preview.api_ms + preview.database_ms).toBeLessThan(SPLIT_CPU_MS / 2);
  expect(split.api_ms + split.database_ms).toBeLessThan(SPLIT_CPU_MS);
}, 240_000);
