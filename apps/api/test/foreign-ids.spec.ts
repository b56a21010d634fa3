import type { Annotation } from '@labelyard/domain';
import { createTestApp, type TestApp, type TestPerson } from './app.factory.js';

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp();
});
afterAll(() => api.close());

const post = (person: TestPerson, path: string, body: object = {}) => api.as(person).post(`/api/v1${path}`).send(body);

/** A project with one of everything that can be named. */
async function world(owner: TestPerson) {
  const { id: dataset_id, project_id } = await api.newDataset({ task_types: ['detection'] }, owner);
  const [made] = await api.db.images.insertMany(dataset_id, owner.id, 'skip', [
    { path: 'a.png', content_type: 'image/png', width: 100, height: 80, size_bytes: 10, sha256: 'a'.repeat(64) },
  ]);
  const image_id = made?.image.id ?? 0;
  const label = { task_type: 'detection', name: 'car' };
  const class_id = (await post(owner, `/projects/${project_id}/classes`, label).expect(201)).body.id as number;
  const drawn = await post(owner, '/annotations', {
    project_id,
    image_id,
    class_id,
    task_type: 'detection',
    geometry: { type: 'bbox', bbox: [1, 2, 3, 4] },
  }).expect(201);
  const annotation = drawn.body as Annotation;
  const comment = await post(owner, `/projects/${project_id}/comments`, { image_id, body: 'x' }).expect(201);
  const tasks = await post(owner, `/projects/${project_id}/tasks`, { task_type: 'detection', name: 'x' }).expect(201);
  // Of another type: it keeps nobody from making tasks of this one.
  const request = { task_type: 'segmentation', name: 'x' };
  const split = await api.db.splits.create({ project_id, task_type: 'segmentation', request, created_by: owner.id });
  const token = { name: 'x', scopes: ['images:read'], expires_in_days: 1 };
  const service = await post(owner, `/projects/${project_id}/service-tokens`, token).expect(201);
  const version = await post(owner, `/projects/${project_id}/versions`, { include_drafts: true }).expect(202);
  const upload = await post(owner, `/datasets/${dataset_id}/uploads`, {
    ...{ purpose: 'import', files: [{ path: 'a.json', size: 12 }] },
  }).expect(201);
  return {
    owner_id: owner.id,
    version_id: version.body.id as number,
    upload_id: upload.body.id as number,
    project_id,
    image_id,
    class_id,
    annotation,
    comment_id: comment.body.id as number,
    task_id: tasks.body.items[0].id as number,
    split_id: split.id,
    service_token_id: service.body.id as number,
  };
}
type World = Awaited<ReturnType<typeof world>>;

/** Requests to one's own project that name something of another one, in each field that can name anything. */
const REQUESTS: readonly [
  field: string,
  method: 'post' | 'put' | 'patch',
  path: (own: World, other: World) => string,
  body: (own: World, other: World) => object,
][] = [
  [
    'image of a comment',
    'post',
    (own) => `/projects/${own.project_id}/comments`,
    (_, other) => ({ image_id: other.image_id, body: 'x' }),
  ],
  [
    'annotation of a comment',
    'post',
    (own) => `/projects/${own.project_id}/comments`,
    (own, other) => ({ image_id: own.image_id, annotation_id: other.annotation.id, body: 'x' }),
  ],
  [
    'thread of a comment',
    'post',
    (own) => `/projects/${own.project_id}/comments`,
    (own, other) => ({ image_id: own.image_id, parent_id: other.comment_id, body: 'x' }),
  ],
  [
    'image of an annotation',
    'post',
    () => '/annotations',
    (own, other) => ({
      project_id: own.project_id,
      image_id: other.image_id,
      class_id: own.class_id,
      task_type: 'detection',
      geometry: { type: 'bbox', bbox: [1, 2, 3, 4] },
    }),
  ],
  [
    'class of an annotation',
    'post',
    () => '/annotations',
    (own, other) => ({
      project_id: own.project_id,
      image_id: own.image_id,
      class_id: other.class_id,
      task_type: 'detection',
      geometry: { type: 'bbox', bbox: [1, 2, 3, 4] },
    }),
  ],
  [
    'class of a changed annotation',
    'put',
    (own) => `/annotations/${own.annotation.id}`,
    (_, other) => ({ version: 1, class_id: other.class_id }),
  ],
  [
    'image to confirm',
    'post',
    (own, other) => `/projects/${own.project_id}/images/${other.image_id}/confirm`,
    () => ({ task_type: 'detection' }),
  ],
  [
    'image to verify',
    'post',
    (own, other) => `/projects/${own.project_id}/images/${other.image_id}/verify`,
    () => ({ task_type: 'detection' }),
  ],
  [
    'image to reject',
    'post',
    (own, other) => `/projects/${own.project_id}/images/${other.image_id}/reject`,
    () => ({ task_type: 'detection', comment: 'x' }),
  ],
  [
    'image to lock',
    'post',
    () => '/image-locks/acquire',
    (own, other) => ({ project_id: own.project_id, image_id: other.image_id }),
  ],
  [
    'lock to take away',
    'post',
    () => '/image-locks/force-release',
    (own, other) => ({ project_id: own.project_id, image_id: other.image_id }),
  ],
  [
    'image to look at',
    'post',
    (own) => `/projects/${own.project_id}/presence`,
    (_, other) => ({ stream_id: crypto.randomUUID(), image_id: other.image_id }),
  ],
  [
    'image of a task',
    'post',
    (own) => `/tasks/${own.task_id}/images`,
    (_, other) => ({ version: 1, add: [other.image_id] }),
  ],
  [
    'image of a task to take out',
    'post',
    (own) => `/tasks/${own.task_id}/images`,
    (_, other) => ({ version: 1, remove: [other.image_id] }),
  ],
  ['image to delete', 'post', (own) => `/projects/${own.project_id}/images/delete`, (own, other) => ({ image_ids: [own.image_id, other.image_id] })], // prettier-ignore
  [
    'images of a new task',
    'post',
    (own) => `/projects/${own.project_id}/tasks`,
    (_, other) => ({ task_type: 'detection', name: 'x', image_ids: [other.image_id] }),
  ],
  ['split to stop', 'post', (_, other) => `/splits/${other.split_id}/cancel`, () => ({})],
  ['task', 'post', (_, other) => `/tasks/${other.task_id}/start`, () => ({ version: 1 })],
  [
    'classes in an order',
    'post',
    (own) => `/projects/${own.project_id}/classes/reorder`,
    (own, other) => ({ task_type: 'detection', class_ids: [other.class_id, own.class_id] }),
  ],
  [
    'person of a new task',
    'post',
    (own) => `/projects/${own.project_id}/tasks`,
    (_, other) => ({ task_type: 'detection', name: 'x', assignees: [other.owner_id] }),
  ],
  [
    'person of a task',
    'patch',
    (own) => `/tasks/${own.task_id}`,
    (_, other) => ({ version: 1, assignee_id: other.owner_id }),
  ],
  [
    'person to hand over to',
    'post',
    (own) => `/projects/${own.project_id}/transfer`,
    (_, other) => ({ user_id: other.owner_id }),
  ],
  [
    'lock to prolong',
    'post',
    () => '/image-locks/heartbeat',
    (own, other) => ({ project_id: own.project_id, image_id: other.image_id }),
  ],
  [
    'class of an export',
    'post',
    () => '/export',
    (own, other) => ({ project_id: own.project_id, format: 'coco', class_id: other.class_id }),
  ],
  [
    'version of an export',
    'post',
    () => '/export',
    (own, other) => ({ project_id: own.project_id, format: 'coco', version_id: other.version_id }),
  ],
  [
    'upload of an import',
    'post',
    () => '/imports',
    (own, other) => ({ project_id: own.project_id, upload_id: other.upload_id }),
  ],
  ['comment', 'post', (_, other) => `/comments/${other.comment_id}/resolve`, () => ({})],
  ['annotation', 'post', (_, other) => `/annotations/${other.annotation.id}/confirm`, () => ({ version: 1 })],
  [
    'service token',
    'post',
    (own, other) => `/projects/${own.project_id}/service-tokens/${other.service_token_id}/rotate`,
    () => ({}),
  ],
];

describe('of another person’s project', () => {
  let own: World;
  let other: World;
  beforeAll(async () => {
    own = await world(api.owner);
    other = await world(api.stranger);
  });

  const everything = () =>
    api.db.sql.rows(
      `select (select json_agg(a order by a.id) from annotations a where a.project_id = $1) as annotations,
        (select json_agg(c order by c.id) from comments c where c.project_id = $1) as comments,
        (select json_agg(t order by t.id) from annotation_tasks t where t.project_id = $1) as tasks,
        (select json_agg(s.status order by s.id) from task_splits s where s.project_id = $1) as splits,
        (select json_agg(s order by s.image_id) from image_statuses s where s.project_id = $1) as statuses,
        (select json_agg(l) from image_locks l where l.image_id = $2) as locks,
        (select json_agg(s.rotated_at) from service_tokens s where s.project_id = $1) as tokens`,
      [other.project_id, other.image_id],
    );

  test.each(REQUESTS)('the %s is refused, and nothing of theirs is changed', async (_field, method, path, body) => {
    const before = await everything();
    const caller = api.as(api.owner);
    const answer = await caller[method](`/api/v1${path(own, other)}`).send(body(own, other));
    expect([404, 409, 422]).toContain(answer.status);
    expect(answer.text).not.toContain('internal');
    expect(await everything()).toEqual(before);
  });

  test('operations on what is theirs are rejected one by one', async () => {
    const before = await everything();
    const { id: annotation_id, version } = other.annotation;
    const change = { annotation_id, version };
    const answer = await post(api.owner, `/projects/${own.project_id}/images/${own.image_id}/operations`, {
      operations: [
        { op: 'update', op_id: crypto.randomUUID(), ...change, class_id: own.class_id },
        { op: 'delete', op_id: crypto.randomUUID(), ...change },
      ],
    }).expect(200);
    expect(answer.body.results).not.toContainEqual(expect.objectContaining({ status: 'applied' }));
    expect(answer.body.results).toHaveLength(2);
    expect(await everything()).toEqual(before);
  });

  test.each<[string, (own: World, other: World) => string]>([
    ['images of a task', (own, { task_id }) => `/projects/${own.project_id}/images?task_id=${task_id}`],
    ['images of a class', (own, { class_id }) => `/projects/${own.project_id}/images?class_id=${class_id}`],
    ['images of a person', (own, { owner_id }) => `/projects/${own.project_id}/images?assignee=${owner_id}`],
    ['tasks of a person', (own, { owner_id }) => `/projects/${own.project_id}/tasks?assignee=${owner_id}`],
    ['labels of an image', (own, { image_id }) => `/annotations/project/${own.project_id}?image_id=${image_id}`],
    ['labels of a class', (own, { class_id }) => `/annotations/project/${own.project_id}?class_id=${class_id}`],
    ['comments on an image', (own, { image_id }) => `/projects/${own.project_id}/comments?image_id=${image_id}`],
    ['reviews of a task', (own, { task_id }) => `/projects/${own.project_id}/review?task_id=${task_id}`],
    ['history of an image', (own, { image_id }) => `/projects/${own.project_id}/history?image_id=${image_id}`],
  ])('lists of %s show nothing of theirs', async (_what, path) => {
    const answer = await api.as(api.owner).get(`/api/v1${path(own, other)}`);
    expect({ status: answer.status, items: answer.body.items }).toEqual({ status: 200, items: [] });
    // What is one's own is there: the list is the right one.
    expect((await api.as(api.stranger).get(`/api/v1${path(other, other)}`)).status).toBe(200);
  });

  test('a bulk verdict skips them and judges the rest', async () => {
    const { image_id, project_id } = own;
    await post(api.owner, `/projects/${project_id}/images/${image_id}/confirm`, { task_type: 'detection' }).expect(200);
    const before = await everything();
    const judged = await post(api.owner, `/projects/${project_id}/review`, {
      decision: 'verify',
      images: [image_id, other.image_id].map((id) => ({ image_id: id, task_type: 'detection' })),
      annotations: [{ annotation_id: other.annotation.id, version: 1 }],
    }).expect(200);
    expect(judged.body).toMatchObject({ images: 1 });
    expect(judged.body.skipped).toHaveLength(2);
    expect(await everything()).toEqual(before);
  });

  test('what they deleted stays deleted, whoever asks for it by its id or by its deletion', async () => {
    const theirs = await world(api.stranger);
    const of = `/projects/${theirs.project_id}`;
    const gone = await post(api.stranger, `${of}/images/delete`, { image_ids: [theirs.image_id] }).expect(200);
    const restore = (body: object) => post(api.owner, `/projects/${own.project_id}/deleted-images/restore`, body);
    for (const body of [{ image_ids: [theirs.image_id] }, { deletion_id: gone.body.deletion_id }])
      expect((await restore(body).expect(200)).body).toMatchObject({ images: 0, more: false });
    const seen = `/api/v1/projects/${own.project_id}/deleted-images`;
    expect((await api.as(api.owner).get(seen).expect(200)).body.items).toEqual([]);
    await api.as(api.owner).get(`${seen}/${theirs.image_id}`).expect(404);
    expect((await api.as(api.stranger).get(`/api/v1${of}/deleted-images`)).body.items).toHaveLength(1);
  });

  test('other people’s notifications cannot be read', async () => {
    const kim = await api.newMember(own.project_id, 'annotator');
    const body = { image_id: own.image_id, body: 'x', mentions: [kim.id] };
    await post(api.owner, `/projects/${own.project_id}/comments`, body).expect(201);
    const [news] = (await api.as(kim).get('/api/v1/notifications')).body.items as { id: number }[];
    await post(api.stranger, '/notifications/read', { ids: [news?.id] }).expect(200);
    await post(api.stranger, '/notifications/read', { until: 999_999_999 }).expect(200);
    expect((await api.as(kim).get('/api/v1/notifications/count')).body).toEqual({ unread: 1 });
  });
});

test('a clock of a server that is twenty minutes wrong moves neither locks nor invitations nor comments', async () => {
  const { project_id, image_id } = await world(api.owner);
  const kim = await api.newMember(project_id, 'annotator');
  const guest = await api.newPerson();
  await post(kim, '/image-locks/acquire', { project_id, image_id }).expect(200);
  const real = Date.now;
  for (const wrong of [1_200_000, -1_200_000]) {
    Date.now = () => real() + wrong;
    try {
      await post(api.owner, '/image-locks/acquire', { project_id, image_id }).expect(423);
      const comment = await post(kim, `/projects/${project_id}/comments`, { image_id, body: 'now' }).expect(201);
      expect(Math.abs(Date.parse(comment.body.created_at) - real())).toBeLessThan(60_000);
      const sent = await post(api.owner, '/invitations', { project_id, user_id: guest.id, role: 'viewer' }).expect(201);
      const { invitation } = sent.body;
      expect(Math.abs(Date.parse(invitation.expires_at) - real() - 7 * 86_400_000)).toBeLessThan(60_000);
      await post(api.owner, `/invitations/${invitation.id}/cancel`).expect(200);
    } finally {
      Date.now = real;
    }
  }
});
