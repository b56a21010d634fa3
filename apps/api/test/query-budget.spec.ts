import { ENDPOINTS, type EndpointName, type EndpointSpec } from '@labelyard/contract';
import { BoundedCache } from '../src/people/bounded-cache.js';
import { People } from '../src/people/people.js';
import { createTestApp, type TestApp, type TestPerson } from './app.factory.js';
import { type StatementCount, StatementCounter } from './statement-count.js';

// No request may cost a query per row: each GET of the contract is sent to a project with few rows of everything and again
// when it has many, and its SQL statements are counted. A new endpoint is counted too, and fails here until there are rows
// for it: add them to `grow`.

/** Answers that are one thing, however many rows there are; the others must show that they hold more. */
const ONE_THING =
  /^(?:[a-z_]+\.get|auth\.me|[a-z_]+\.count|datasets\.deletion_impact|restores\.preview|versions\.(?:check|classes|diff|diff_image|restore_preview))$/u;
const [FEW, MANY] = [2, 40];

let api: TestApp;
let admin: TestPerson;
let counter: StatementCounter;
let dataset: { id: number; project_id: number };
let ids: Record<string, number>;
let grown = 0;

beforeAll(async () => {
  counter = new StatementCounter();
  // One process: what it remembers of people is emptied before each request.
  api = await createTestApp({ env: { USER_DB_MANAGED: 'true' }, replicas: 1 });
  counter.user_database = new URL(api.databaseUrls.user).pathname.slice(1);
  admin = await api.newPerson({ system_role: 'admin' });
  dataset = await api.newDataset({ task_types: ['detection'] });
  ids = { dataset_id: dataset.id, project_id: dataset.project_id };
  await grow(FEW);
});
afterAll(async () => {
  counter.stop();
  await api.close();
});

/** `count` more rows of everything there are lists of, each by another person where a person is shown. */
async function grow(count: number): Promise<void> {
  const { sql } = api.db;
  const { project_id } = dataset;
  const from = grown;
  grown += count;
  const people = await api.users.users.upsertPeople(
    Array.from({ length: count }, (_, n) => ({
      email: `budget-${from + n}@example.org`,
      full_name: `Budget ${from + n}`,
      system_role: 'standard_engineer' as const,
      hashed_password: 'x',
    })),
  );
  const user_ids = people.map(({ id }) => id);
  const each = `unnest($2::text[]) with ordinality as x (user_id, n)`;
  const insert = async (text: string, values: unknown[] = [project_id, user_ids]) => {
    const rows = await sql.rows<{ id: number }>(text, values);
    return rows[0]?.id ?? 0;
  };
  await insert(
    `insert into project_permissions (project_id, user_id, role) select $1, user_id, 'annotator' from ${each} returning 0 as id`,
  );
  const images = await api.db.images.insertMany(
    dataset.id,
    api.owner.id,
    'skip',
    user_ids.map((id) => ({
      path: `budget-${id}.png`,
      content_type: 'image/png',
      width: 100,
      height: 80,
      size_bytes: 10,
      sha256: 'a'.repeat(64),
    })),
  );
  ids.image_id ??= images[0]?.image.id ?? 0;
  for (let n = 0; n < count; n += 1) {
    await api.newDataset();
    await api.users.users.upsertOrganization(`Organization ${from + n}`);
  }
  const class_id = await insert(
    `insert into classes (project_id, task_type, name, color, position)
      select $1, 'detection', 'class ' || user_id, '#aabbcc', $3 + n from ${each} returning id`,
    [project_id, user_ids, from],
  );
  ids.class_id ??= class_id;
  const annotation_id = await insert(
    `insert into annotations (project_id, image_id, task_type, annotation_type, created_by, updated_by, geometry)
      select $1, $3, 'detection', 'bbox', user_id, user_id, '{"type":"bbox","bbox":[1,2,3,4]}' from ${each} returning id`,
    [project_id, user_ids, ids.image_id],
  );
  ids.annotation_id ??= annotation_id;
  // One annotation with a version by each person, and work of each person on an image of their own.
  await insert(
    `insert into annotation_history (project_id, image_id, annotation_id, version, action, changed_by)
      select $1, $4, $3, $5 + n, 'update', user_id from ${each} returning id`,
    [project_id, user_ids, ids.annotation_id, ids.image_id, from],
  );
  await insert(
    `insert into exports (project_id, format, status, storage_key, size_bytes, sha256, created_by)
      select $1, 'coco', 'cancelled', null, null, null, user_id from ${each} returning id`,
  ).then((id) => (ids.export_id ??= id));
  await insert(
    `insert into imports (project_id, source, format, status, created_by)
      select $1, '{"name":"a.json","files":1,"bytes":9,"expires_at":null}', 'coco', 'cancelled', user_id
      from ${each} returning id`,
  ).then((id) => (ids.import_id ??= id));
  await sql.run(
    `insert into import_issues (import_id, n, severity, code, file, message)
      select $1, $3 + n, 'error', 'bad_value', 'a.json', user_id from ${each}`,
    [ids.import_id, user_ids, from],
  );
  await sql.run(
    `insert into import_pictures (import_id, n, file, path, fate)
      select $1, $3 + n, user_id || '.png', user_id || '.png', 'rejected' from ${each}`,
    [ids.import_id, user_ids, from],
  );
  await sql.run(
    `insert into import_ranges (import_id, kind, first_id, last_id)
      select $1, 'annotation', a.id, a.id from annotations a where a.project_id = $2 on conflict do nothing`,
    [ids.import_id, project_id],
  );
  await sql.run(
    `with changed as (
        update annotations set version = 2 where project_id = $1 and id <> $2 and version = 1 returning id, image_id, updated_by
      )
      insert into annotation_history (project_id, image_id, annotation_id, version, action, changed_by)
        select $1, image_id, id, 2, 'update', updated_by from changed`,
    [project_id, ids.annotation_id],
  );
  await insert(
    `insert into deleted_images (image_id, project_id, dataset_id, deletion_id, deleted_by, expires_at, path, width, height,
        size_bytes, sha256, content_type, thumbnail_state, annotation_count, comment_count, image)
      select $4 + n, $1, $3, gen_random_uuid(), user_id, now() + interval '1 day', user_id, 1, 1, 1, repeat('a', 64), 'image/png',
        'ready', 0, 0, '{}' from ${each} returning image_id as id`,
    [project_id, user_ids, dataset.id, 1_000_000 + from],
  ).then((id) => (ids.deleted_image_id ??= id));
  await insert(
    `insert into annotation_versions (project_id, number, status, options, created_by, created_at, frozen_at)
      select $1, $3 + n, 'published', '{"include_drafts": false, "shares": {"train": 1, "val": 0, "test": 0}}', user_id, now(), now()
      from ${each} returning id`,
    [project_id, user_ids, from],
  ).then((id) => (ids.version_id ??= id));
  // An image of the version that was changed since.
  await sql.run(
    `insert into version_images (version_id, image_id, path, width, height, size_bytes, sha256, content_type, annotation_ids,
        annotation_versions)
      select $3, i.id, i.path, 100, 80, 10, i.sha256, i.content_type, '{}', '{}' from ${each}
      join image_metadata i on i.path = 'budget-' || x.user_id || '.png' and i.dataset_id = $1`,
    [dataset.id, user_ids, ids.version_id],
  );
  await sql.run(
    `insert into annotations (project_id, image_id, task_type, annotation_type, state, created_by, updated_by, geometry)
      select $1, i.id, 'detection', 'bbox', 'confirmed', user_id, user_id, '{"type":"bbox","bbox":[1,2,3,4]}' from ${each}
      join image_metadata i on i.path = 'budget-' || x.user_id || '.png' and i.dataset_id = $3`,
    [project_id, user_ids, dataset.id],
  );
  await insert(
    `insert into restores (project_id, selection, created_by)
      select $1, jsonb_build_object('kind', 'image', 'image_id', $3::bigint, 'at', '2026-01-01T00:00:00.000Z'), user_id
      from ${each} returning id`,
    [project_id, user_ids, ids.image_id],
  ).then((id) => (ids.restore_id ??= id));
  await insert(
    `insert into service_tokens (project_id, name, scopes, secret_hash, secret_hint, expires_at, created_by)
      select $1, 'token', '{projects:read}', 'hash ' || user_id, 'abcd', now() + interval '1 day', user_id from ${each} returning id`,
  ).then((id) => (ids.service_token_id ??= id));
  await insert(
    `insert into audit_log (project_id, actor_id, action) select $1, user_id, 'class.create' from ${each} returning id`,
  );
  await insert(
    `insert into annotation_tasks (project_id, task_type, name, assignee_id, created_by)
      select $1, 'detection', 'task ' || n, $3, user_id from ${each} returning id`,
    [project_id, user_ids, api.owner.id],
  ).then((id) => (ids.task_id ??= id));
  await insert(
    `insert into task_splits (project_id, task_type, request, status, created_by)
      select $1, 'detection', '{"task_type":"detection","name":"Batch"}', 'completed', user_id from ${each} returning id`,
  ).then((id) => (ids.split_id ??= id));
  await insert(
    `insert into comments (project_id, image_id, author_id, body) select $1, $3, user_id, 'Hm' from ${each} returning id`,
    [project_id, user_ids, ids.image_id],
  ).then((id) => (ids.comment_id ??= id));
  await api.users.dataSource.query(
    `insert into invitations (token, project_id, inviter_id, invitee_id, invitee_email, role, expires_at)
      select 'token ' || user_id, $1, user_id, $3, 'invited-' || user_id || '@example.org', 'viewer', now() + interval '1 day' from ${each}`,
    [project_id, user_ids, api.owner.id],
  );
  await insert(
    `insert into notifications (project_id, user_id, kind, actor_id) select $1, $3, 'task_assigned', user_id from ${each} returning id`,
    [project_id, user_ids, api.owner.id],
  );
  await sql.run(
    `insert into image_locks (image_id, project_id, user_id, user_name, acquired_at, expires_at)
      select i.id, $1, x.user_id, 'Somebody', now(), now() + interval '1 hour' from ${each}
      join image_metadata i on i.path = 'budget-' || x.user_id || '.png'`,
    [project_id, user_ids],
  );
  // Every other image waits for a reviewer; the rest came back to the owner.
  await sql.run(
    `update image_statuses s set
        confirmed_at = case when x.n % 2 = 0 then now() end, confirmed_by = case when x.n % 2 = 0 then x.user_id end,
        rejected_at = case when x.n % 2 = 1 then now() end, rework_by = case when x.n % 2 = 1 then $3 end
      from unnest($1::bigint[], $2::text[]) with ordinality as x (image_id, user_id, n) where s.image_id = x.image_id`,
    [images.map(({ image }) => image.id), user_ids, api.owner.id],
  );
  if (ids.upload_id === undefined) {
    const upload = await api
      .as(api.owner)
      .post(`/api/v1/datasets/${dataset.id}/uploads`)
      .send({ files: [{ path: 'b.png', size: 12 }] });
    ids.upload_id = upload.body.id;
  }
  await sql.run(
    `insert into upload_files (upload_id, n, path, size_bytes, content_type)
      select $1, $3 + n, user_id || '.png', 12, 'image/png' from ${each}`,
    [ids.upload_id, user_ids, from],
  );
}

function requestTo(spec: EndpointSpec) {
  const path = spec.path.replace(/\{(\w+)\}/gu, (_match, name: string) => {
    if (name === 'other') return 'working';
    if (ids[name] === undefined) throw new Error(`There is no row for {${name}}: make one in grow()`);
    return String(ids[name]);
  });
  const { access } = spec;
  const by = typeof access === 'object' && 'system' in access ? admin : api.owner;
  const subject = typeof access === 'object' && 'action' in access ? access.subject.split('.') : [];
  const query: Record<string, unknown> = {};
  if (subject[0] === 'query' && subject[1]) query[subject[1]] = ids[subject[1]];
  const shape = spec.query?.shape ?? {};
  if ('at' in shape) query.at = spec.path.endsWith('as-of') ? '2100-01-01T00:00:00Z' : '2000-01-01T00:00:00Z';
  if ('since' in shape && 'user_id' in shape && !('limit' in shape))
    Object.assign(query, { user_id: api.owner.id, since: '2000-01-01T00:00:00Z' });
  if ('limit' in shape) query.limit = spec.path.endsWith('/search') ? 50 : 500;
  return { by, path, query };
}

async function measure(spec: EndpointSpec): Promise<StatementCount & { size: number }> {
  const { by, path, query } = requestTo(spec);
  // The caller is known, as in the middle of work; nobody else is.
  await api.as(by).get('/api/v1/auth/me');
  Object.assign(api.app.get(People, { strict: false }), { badges: new BoundedCache(1_000) });
  const { answer, ...counts } = await counter.of((id) =>
    api
      .as(by)
      .get(path)
      .query(query)
      .set('x-request-id', id)
      .buffer(true)
      .then((received) => received),
  );
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
  const items = (answer.body as { items?: unknown[] } | null)?.items;
  return { ...counts, size: items?.length ?? answer.text.length };
}

const reads = (Object.entries(ENDPOINTS as Record<string, EndpointSpec>) as [EndpointName, EndpointSpec][]).filter(
  ([, { method, access, events }]) =>
    // A stream of events never ends; it has tests of its own.
    method === 'GET' && access !== 'public' && access !== 'signed' && events === undefined,
);
const few = new Map<EndpointName, Awaited<ReturnType<typeof measure>>>();

describe.each([
  ['with few rows', FEW],
  ['with many rows', MANY],
])('%s', (_name, count) => {
  beforeAll(async () => {
    if (count === MANY) await grow(MANY);
  });

  test.each(reads)('%s', async (name, spec) => {
    const now = await measure(spec);
    expect(now.people).toBeLessThanOrEqual(1);
    if (count === FEW) return void few.set(name, now);
    const before = few.get(name);
    if (!before) throw new Error('It failed with few rows already');
    expect(now.statements).toBeLessThanOrEqual(before.statements);
    if (name !== 'auth.me') expect(now.statements).toBeGreaterThan(0);
    // The counter counts: this one asks both databases.
    if (name === 'members.list') expect(now).toMatchObject({ people: 1, statements: before.statements });
    // An answer that did not grow proves nothing: `grow` must make rows for it.
    if (!ONE_THING.test(name)) expect(now.size).toBeGreaterThan(before.size);
  });
});
