import { lockedDetails } from '@labelyard/contract';
import { mayTakeLock } from '@labelyard/domain';
import { PROJECT_CHANNEL } from '../src/events/project-events.js';
import { createTestApp, type TestApp, type TestPerson } from './app.factory.js';
import { EventReader } from './event-reader.js';

let api: TestApp;
let project_id: number;
let ann: TestPerson;
let ben: TestPerson;
let class_id: number;
let count = 0;

beforeAll(async () => {
  api = await createTestApp({ replicas: 2 });
  ({ project_id } = await api.newDataset());
  const label = { task_type: 'detection', name: 'car' };
  class_id = (await api.as(api.owner).post(`/api/v1/projects/${project_id}/classes`).send(label)).body.id;
  [ann, ben] = await Promise.all([api.newMember(project_id, 'annotator'), api.newMember(project_id, 'annotator')]);
});
afterAll(() => api.close());

async function newImage(project = project_id): Promise<number> {
  const { dataset_id } = (await api.db.projects.get(project))!;
  const path = `${(count += 1)}.png`;
  const [made] = await api.db.images.insertMany(dataset_id, api.owner.id, 'skip', [
    { path, content_type: 'image/png', width: 100, height: 80, size_bytes: 10, sha256: 'a'.repeat(64) },
  ]);
  return made?.image.id ?? 0;
}

type Call = 'acquire' | 'heartbeat' | 'release' | 'force-release';
const lock = (person: TestPerson, call: Call, image_id: number, project = project_id) =>
  api.as(person).post(`/api/v1/image-locks/${call}`).send({ project_id: project, image_id });
const runOut = (image_id: number) =>
  api.db.sql.run(`update image_locks set expires_at = clock_timestamp() - interval '1 ms' where image_id = $1`, [
    image_id,
  ]);
const draw = (person: TestPerson, image_id: number) =>
  api
    .as(person)
    .post('/api/v1/annotations')
    .send({ project_id, image_id, task_type: 'detection', class_id, geometry: { type: 'bbox', bbox: [1, 2, 3, 4] } });

test('one person works on an image; others are told who, and until when', async () => {
  const image_id = await newImage();
  const mine = await lock(ann, 'acquire', image_id).expect(200);
  expect(mine.body).toMatchObject({ image_id, project_id, user_id: ann.id });
  expect(Date.parse(mine.body.expires_at) - Date.parse(mine.body.acquired_at)).toBe(60_000);
  const refused = await lock(ben, 'acquire', image_id).expect(423);
  expect(refused.body.error.code).toBe('locked');
  expect(lockedDetails.parse(refused.body.error.details)).toMatchObject({
    holder: { user_id: ann.id, user_name: mine.body.user_name },
    expires_at: mine.body.expires_at,
  });
  // A second tab of the same person works along; the lock keeps its age.
  const again = await lock(ann, 'acquire', image_id).expect(200);
  expect(again.body.acquired_at).toBe(mine.body.acquired_at);
});

test('given back, it is free at once; giving back twice, or what is not yours, changes nothing', async () => {
  const image_id = await newImage();
  await lock(ann, 'acquire', image_id).expect(200);
  await lock(ben, 'release', image_id).expect(204);
  await lock(ben, 'acquire', image_id).expect(423);
  await lock(ann, 'release', image_id).expect(204);
  await lock(ann, 'release', image_id).expect(204);
  await lock(ben, 'acquire', image_id).expect(200);
});

test('a heartbeat prolongs; without a lock it says so, and of somebody else’s it names the holder', async () => {
  const image_id = await newImage();
  await lock(ann, 'heartbeat', image_id).expect(404);
  const first = (await lock(ann, 'acquire', image_id).expect(200)).body;
  const second = (await lock(ann, 'heartbeat', image_id).expect(200)).body;
  expect(second.expires_at > first.expires_at).toBe(true);
  expect(second.acquired_at).toBe(first.acquired_at);
  await lock(ben, 'heartbeat', image_id).expect(423);
});

test('run out, it is anybody’s; its last holder hears of it', async () => {
  const image_id = await newImage();
  await lock(ann, 'acquire', image_id).expect(200);
  await runOut(image_id);
  await lock(ben, 'acquire', image_id).expect(200);
  await lock(ann, 'heartbeat', image_id).expect(423);
});

test('writes of others are refused while somebody holds the image; without a lock anybody may', async () => {
  const image_id = await newImage();
  const before = await draw(ben, image_id).expect(201);
  await lock(ann, 'acquire', image_id).expect(200);
  const { id: annotation_id, version } = before.body;
  const path = `/api/v1/annotations/${annotation_id}`;
  const operations = `/api/v1/projects/${project_id}/images/${image_id}`;
  const geometry = { type: 'bbox', bbox: [5, 6, 7, 8] };
  const remove = { op: 'delete', op_id: '4c1f24a8-3c47-4a8f-9a37-3f0d9a3f6b01', annotation_id, version };
  const refused = await Promise.all([
    draw(ben, image_id),
    api.as(ben).put(path).send({ version, geometry }),
    api.as(ben).delete(path).query({ version }),
    api.as(ben).post(`${path}/confirm`).send({ version }),
    api.as(ben).post(`${operations}/confirm`).send({ task_type: 'detection' }),
    api
      .as(ben)
      .post(`${operations}/operations`)
      .send({ operations: [remove] }),
  ]);
  expect(refused.map(({ status }) => status)).toEqual([423, 423, 423, 423, 423, 423]);
  for (const { body } of refused) expect(body.error.details.holder.user_id).toBe(ann.id);
  await draw(ann, image_id).expect(201);
  await runOut(image_id);
  await api
    .as(ben)
    .post(`${operations}/operations`)
    .send({ operations: [remove] })
    .expect(200);
});

test('an operation sent again after the lock was lost is answered as it was', async () => {
  const image_id = await newImage();
  const operations = [
    {
      op: 'create',
      op_id: '4c1f24a8-3c47-4a8f-9a37-3f0d9a3f6b02',
      task_type: 'detection',
      class_id,
      geometry: { type: 'bbox', bbox: [1, 2, 3, 4] },
    },
  ];
  const send = () =>
    api.as(ann).post(`/api/v1/projects/${project_id}/images/${image_id}/operations`).send({ operations });
  await send().expect(200);
  await lock(ben, 'acquire', image_id).expect(200);
  await send().expect(423);
  await lock(ben, 'release', image_id).expect(204);
  const again = await send().expect(200);
  expect(again.body.results[0].status).toBe('applied');
  const list = await api.as(ann).get(`/api/v1/projects/${project_id}/images/${image_id}/annotations`);
  expect(list.body.items).toHaveLength(1);
});

test('an administrator takes a lock away, and the log says so', async () => {
  const image_id = await newImage();
  await lock(ann, 'acquire', image_id).expect(200);
  await lock(ben, 'force-release', image_id).expect(403);
  await lock(api.owner, 'force-release', image_id).expect(204);
  await lock(ben, 'acquire', image_id).expect(200);
  const logged = await api.db.sql.rows(
    `select actor_id, details->>'holder' as holder from audit_log where action = 'lock.force' and subject_id = $1`,
    [String(image_id)],
  );
  expect(logged).toEqual([{ actor_id: api.owner.id, holder: ann.id }]);
});

test('lists and image rows say who holds what; what has run out is not listed', async () => {
  const { project_id: project } = await api.newDataset();
  const [a, b, c] = [await newImage(project), await newImage(project), await newImage(project)] as [
    number,
    number,
    number,
  ];
  for (const image_id of [a, b, c]) await lock(api.owner, 'acquire', image_id, project).expect(200);
  await runOut(c);
  const page = await api.as(api.owner).get(`/api/v1/image-locks/project/${project}`).query({ limit: 1 }).expect(200);
  expect(page.body.items).toEqual([
    {
      project_id: project,
      image_id: a,
      user_id: api.owner.id,
      user_name: 'Olivia Owner',
      acquired_at: expect.any(String),
      expires_at: expect.any(String),
    },
  ]);
  const rest = await api
    .as(api.owner)
    .get(`/api/v1/image-locks/project/${project}`)
    .query({ cursor: page.body.next_cursor });
  expect(rest.body.items.map((item: { image_id: number }) => item.image_id)).toEqual([b]);
  expect(rest.body.next_cursor).toBeNull();
  const images = await api.as(api.owner).get(`/api/v1/projects/${project}/images`).expect(200);
  expect(images.body.items.map((image: { locked_by: string | null }) => image.locked_by)).toEqual([
    api.owner.id,
    api.owner.id,
    null,
  ]);
});

test('foreign and missing ids are refused', async () => {
  const image_id = await newImage();
  const other = await api.newDataset();
  await lock(ann, 'acquire', image_id, other.project_id).expect(404);
  await lock(ann, 'acquire', 999_999_999).expect(404);
  await lock(api.stranger, 'acquire', image_id).expect(404);
  await lock(await api.newMember(project_id, 'viewer'), 'acquire', image_id).expect(403);
  await api.as(ann).post('/api/v1/image-locks/acquire').send({ image_id }).expect(422);
  await api.as(ann).post('/api/v1/image-locks/acquire').send({ project_id, image_id, until: 'ever' }).expect(422);
});

test('SQL and the rule of the domain agree, whatever the times', async () => {
  for (const [holder, offset_ms] of [
    [ann.id, 30_000],
    [ann.id, -30_000],
    [ben.id, 30_000],
    [ben.id, -30_000],
    [null, 0],
  ] as const) {
    const image_id = await newImage();
    if (holder !== null)
      await api.db.sql.run(
        `insert into image_locks values ($1, $2, $3, 'X', now(), clock_timestamp() + $4::integer * interval '1 ms')`,
        [image_id, project_id, holder, offset_ms],
      );
    const rule = mayTakeLock(holder === null ? null : { user_id: holder, expires_at: offset_ms }, ann.id, 0);
    const { status } = await lock(ann, 'acquire', image_id);
    expect({ holder, offset_ms, status }).toEqual({ holder, offset_ms, status: rule ? 200 : 423 });
  }
});

test('clocks of servers and browsers do not matter', async () => {
  const image_id = await newImage();
  await lock(ann, 'acquire', image_id).expect(200);
  const real = Date.now;
  Date.now = () => real() + 3_600_000;
  try {
    await api.db.locks.expire();
    expect(
      await api.db.locks.acquire({ project_id, image_id, user_id: ben.id, user_name: 'Ben' }, PROJECT_CHANNEL),
    ).toMatchObject({
      mine: false,
      lock: { user_id: ann.id },
    });
  } finally {
    Date.now = real;
  }
});

test('fifty people at two replicas: one holds the image, whatever they do', async () => {
  const image_id = await newImage();
  const people = await Promise.all(Array.from({ length: 50 }, () => api.newMember(project_id, 'annotator')));
  const inside = new Set<string>();
  let most = 0;
  let turns = 0;
  const at = (url: string, person: TestPerson, call: Call) =>
    fetch(`${url}/api/v1/image-locks/${call}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${person.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ project_id, image_id }),
    }).then((answer) => answer.arrayBuffer().then(() => answer.status));
  await Promise.all(
    people.map(async (person, n) => {
      const url = api.urls[n % 2] as string;
      for (let tries = 0; tries < 6; tries += 1) {
        const status = await at(url, person, 'acquire');
        if (status === 423) continue;
        expect(status).toBe(200);
        inside.add(person.id);
        most = Math.max(most, inside.size);
        turns += 1;
        // Somebody who is inside stays inside until they leave by themselves.
        expect(await at(api.urls[(n + 1) % 2] as string, person, 'heartbeat')).toBe(200);
        inside.delete(person.id);
        expect(await at(url, person, 'release')).toBe(204);
      }
    }),
  );
  expect(most).toBe(1);
  expect(turns).toBeGreaterThan(1);
}, 30_000);

test('each replica tells of locks taken, given back and run out, once', async () => {
  const image_id = await newImage();
  await using first = await EventReader.open(api.urls[0] as string, ann, project_id);
  await using second = await EventReader.open(api.urls[1] as string, ben, project_id);
  const begun = performance.now();
  const taken = await lock(ann, 'acquire', image_id).expect(200);
  const { user_id, user_name, acquired_at, expires_at } = taken.body;
  for (const reader of [first, second])
    expect(await reader.until('lock', (event) => event.image_id === image_id)).toEqual({
      type: 'lock',
      image_id,
      lock: { user_id, user_name, acquired_at, expires_at },
    });
  expect(performance.now() - begun).toBeLessThan(1_000);
  await runOut(image_id);
  const expired = performance.now();
  for (const reader of [first, second])
    expect(await reader.until('lock', (event) => event.image_id === image_id)).toMatchObject({ lock: null });
  expect(performance.now() - expired).toBeLessThan(2_000);
  await lock(ben, 'acquire', image_id).expect(200);
  for (const reader of [first, second])
    await reader.until('lock', (event) => event.image_id === image_id && event.lock?.user_id === ben.id);
  await lock(ben, 'release', image_id).expect(204);
  for (const reader of [first, second])
    expect(await reader.until('lock', (event) => event.image_id === image_id)).toEqual({
      type: 'lock',
      image_id,
      lock: null,
    });
  const told = first.heard.filter((event) => event.type === 'lock' && event.image_id === image_id);
  expect(told).toHaveLength(4);
});
