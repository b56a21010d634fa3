import { createTestApp, type TestApp, type TestPerson } from './app.factory.js';

const MEMBERS = 10_000;
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
