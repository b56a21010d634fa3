import { setTimeout as wait } from 'node:timers/promises';
import { datasetPrefix, imageKey, projectPrefix, thumbnailKey } from '@labelyard/storage';
import { createTestApp, type TestApp, type TestPerson } from './app.factory.js';

let api: TestApp;
let viewerOf: (project_id: number) => Promise<TestPerson>;
beforeAll(async () => {
  api = await createTestApp();
  viewerOf = (project_id) => api.newMember(project_id, 'viewer');
});
afterAll(() => api.close());

const PATH = '/api/v1/datasets';

/** Rows of images as an upload leaves them, with thumbnails ready. */
async function addImages(dataset_id: number, names: string[]) {
  const inserted = await api.db.images.insertMany(
    dataset_id,
    api.owner.id,
    'skip',
    names.map((path) => ({
      path,
      content_type: 'image/png',
      width: 10,
      height: 10,
      size_bytes: 100,
      sha256: 'a'.repeat(64),
    })),
  );
  for (const { image } of inserted) {
    await api.storage.datasets.put(imageKey(dataset_id, image.path), Buffer.from('bytes'), {
      content_type: 'image/png',
    });
    await api.storage.datasets.put(thumbnailKey(dataset_id, image.path), Buffer.from('thumb'), {
      content_type: 'image/jpeg',
    });
    await api.db.images.setThumbnail(image.id, image.revision, 'ready');
  }
  return inserted.map(({ image }) => image);
}

test('making one makes its project and its maker the owner', async () => {
  const answer = await api
    .as(api.owner)
    .post(PATH)
    .send({ name: ' Streets ', description: 'Seoul', task_types: ['detection', 'segmentation'], visibility: 'public' });
  expect(answer.status).toBe(201);
  expect(answer.body).toEqual({
    id: expect.any(Number),
    project_id: expect.any(Number),
    name: 'Streets',
    description: 'Seoul',
    visibility: 'public',
    task_types: ['detection', 'segmentation'],
    role: 'owner',
    owner: {
      id: api.owner.id,
      email: '',
      full_name: 'Olivia Owner',
      avatar_name: null,
      badge_color: null,
      is_active: true,
    },
    image_count: 0,
    size_bytes: 0,
    progress: { not_started: 0, in_progress: 0, completed: 0, reviewed: 0, rejected: 0 },
    cover_urls: [],
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/u),
    updated_at: expect.any(String),
  });
  const project = await api.as(api.owner).get(`/api/v1/projects/${answer.body.project_id}`);
  expect(project.body).toMatchObject({
    id: answer.body.project_id,
    dataset_id: answer.body.id,
    role: 'owner',
    name: 'Streets',
  });
  const members = await api.as(api.owner).get(`/api/v1/projects/${answer.body.project_id}/permissions`);
  expect(members.body.items).toEqual([
    {
      user_id: api.owner.id,
      role: 'owner',
      user: expect.objectContaining({ full_name: 'Olivia Owner' }),
      granted_by: api.owner.id,
      granted_at: expect.any(String),
    },
  ]);
});

test('two of the same name are two datasets', async () => {
  const [a, b] = await Promise.all([api.newDataset({ name: 'Twin' }), api.newDataset({ name: 'Twin' })]);
  expect(a.id).not.toBe(b.id);
});

describe('who sees what', () => {
  test('private: members; organization: its people, as viewers; public: everybody, as viewers', async () => {
    const { id: organization_id } = await api.users.users.upsertOrganization('Acme');
    const [boss, colleague] = [await api.newPerson({ organization_id }), await api.newPerson({ organization_id })];
    const made = {
      private: await api.newDataset({ name: 'p', visibility: 'private' }, boss),
      organization: await api.newDataset({ name: 'o', visibility: 'organization' }, boss),
      public: await api.newDataset({ name: 'u', visibility: 'public' }, boss),
    };
    const see = async (person: TestPerson) => {
      const roles: Record<string, unknown> = {};
      for (const [visibility, { id }] of Object.entries(made)) {
        const answer = await api.as(person).get(`${PATH}/${id}`);
        roles[visibility] = answer.body.role ?? answer.status;
      }
      const listed = await api.as(person).get(PATH).query({ limit: 500 });
      const ids = listed.body.items.map(({ id }: { id: number }) => id);
      roles.listed = Object.entries(made).flatMap(([visibility, { id }]) => (ids.includes(id) ? [visibility] : []));
      return roles;
    };
    expect(await see(boss)).toEqual({
      private: 'owner',
      organization: 'owner',
      public: 'owner',
      listed: Object.keys(made),
    });
    expect(await see(colleague)).toEqual({
      private: 404,
      organization: 'viewer',
      public: 'viewer',
      listed: ['organization', 'public'],
    });
    expect(await see(api.stranger)).toEqual({ private: 404, organization: 404, public: 'viewer', listed: ['public'] });
    const change = await api.as(colleague).patch(`${PATH}/${made.public.id}`).send({ name: 'mine' });
    expect({ status: change.status, code: change.body.error.code }).toEqual({ status: 403, code: 'forbidden' });
  });

  test('"organization" means nothing to somebody who belongs to none', async () => {
    const create = await api
      .as(api.owner)
      .post(PATH)
      .send({ name: 'x', task_types: ['detection'], visibility: 'organization' });
    expect(create.body.error).toMatchObject({ code: 'validation_failed', details: [{ path: 'visibility' }] });
    const { id } = await api.newDataset();
    const patch = await api.as(api.owner).patch(`${PATH}/${id}`).send({ visibility: 'organization', name: 'renamed' });
    expect(patch.status).toBe(422);
    expect((await api.as(api.owner).get(`${PATH}/${id}`)).body.name).not.toBe('renamed');
  });
});

describe('the list', () => {
  test('pages without gaps or repeats, newest first, while others are made', async () => {
    const person = await api.newPerson();
    const made: number[] = [];
    for (let n = 0; n < 7; n += 1) made.push((await api.newDataset({ name: `Page ${n}` }, person)).id);
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const answer = await api
        .as(person)
        .get(PATH)
        .query({ limit: 3, q: 'page', ...(cursor && { cursor }) });
      seen.push(...answer.body.items.map(({ id }: { id: number }) => id));
      cursor = answer.body.next_cursor;
      await api.newDataset({ name: 'Page, too late' }, person);
    } while (cursor);
    expect(seen).toEqual([...made].reverse());
  });

  test('shows up to four thumbnails that can be fetched', async () => {
    const { id } = await api.newDataset({ name: 'With covers' });
    await addImages(id, ['a b.png', 'ü/ö.png', 'c#?.png', 'd.png', 'e.png']);
    const answer = await api.as(api.owner).get(`${PATH}/${id}`);
    expect(answer.body).toMatchObject({ image_count: 5, size_bytes: 500 });
    expect(answer.body.cover_urls).toHaveLength(4);
    for (const url of answer.body.cover_urls) {
      const picture = await fetch(url);
      expect({ status: picture.status, type: picture.headers.get('content-type'), text: await picture.text() }).toEqual(
        {
          status: 200,
          type: 'image/jpeg',
          text: 'thumb',
        },
      );
      expect(picture.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    }
  });

  test('asks the User DB once for all owners', async () => {
    const owners = await Promise.all(Array.from({ length: 5 }, () => api.newPerson()));
    for (const owner of owners) await api.newDataset({ name: 'Owners', visibility: 'public' }, owner);
    const reader = await api.newPerson();
    // People are remembered for a few seconds; these have not been asked for by their badge.
    const answer = await api.as(reader).get(PATH).query({ q: 'Owners' });
    const names = answer.body.items.map(({ owner }: { owner: { id: string } }) => owner.id);
    expect(names.sort()).toEqual(owners.map(({ id }) => id).sort());
  });
});

describe('changes', () => {
  test('task types can be added and taken away until something is labeled', async () => {
    const { id, project_id } = await api.newDataset({ task_types: ['detection'] });
    const patch = (task_types: string[]) => api.as(api.owner).patch(`${PATH}/${id}`).send({ task_types });
    expect((await patch(['detection', 'segmentation'])).body.task_types).toEqual(['detection', 'segmentation']);
    expect((await patch(['detection'])).body.task_types).toEqual(['detection']);
    const [image] = await addImages(id, ['labeled.png']);
    await api
      .as(api.owner)
      .post('/api/v1/annotations')
      .send({ project_id, image_id: image?.id, task_type: 'detection', geometry: { type: 'no_object' } })
      .expect(201);
    const refused = await patch(['segmentation']);
    expect({ status: refused.status, code: refused.body.error?.code }).toEqual({ status: 409, code: 'in_use' });
  });

  test('an empty change changes nothing', async () => {
    const { id, name } = await api.newDataset();
    expect((await api.as(api.owner).patch(`${PATH}/${id}`).send({})).body.name).toBe(name);
  });
});

describe('deleting', () => {
  const remove = (id: number, confirm_name: string, person = api.owner) =>
    api.as(person).delete(`${PATH}/${id}`).send({ confirm_name });

  test('is for the owner alone, and tells before what would go', async () => {
    const { id, project_id, name } = await api.newDataset();
    await addImages(id, ['one.png', 'two.png']);
    const admin = await api.newMember(project_id, 'admin');
    expect((await remove(id, name, admin)).status).toBe(403);
    expect((await api.as(admin).get(`${PATH}/${id}/deletion_impact`)).status).toBe(403);
    expect((await api.as(api.owner).get(`${PATH}/${id}/deletion_impact`)).body).toEqual({
      dataset_id: id,
      name,
      images: 2,
      annotations: 0,
      classes: 0,
      members: 2,
      exports: 0,
      size_bytes: 200,
    });
  });

  test('needs the name as it is now', async () => {
    const { id } = await api.newDataset({ name: 'Café ☕' });
    await api.as(api.owner).patch(`${PATH}/${id}`).send({ name: 'Café 2' });
    const stale = await remove(id, 'Café ☕');
    expect(stale.body.error).toMatchObject({ code: 'validation_failed', details: [{ path: 'confirm_name' }] });
    expect((await remove(id, '')).status).toBe(422);
    expect((await api.as(api.owner).delete(`${PATH}/${id}`)).status).toBe(422);
    // However the keyboard composes the é.
    expect((await remove(id, 'Cafe\u0301 2')).status).toBe(204);
  });

  test('hides it at once and empties rows and files in the background', async () => {
    const { id, project_id, name } = await api.newDataset();
    await addImages(id, ['one.png', 'folder/two.png']);
    await api.storage.annotations.put(`${project_id}/exports/1/coco_20260101.json`, Buffer.from('{}'), {
      content_type: 'application/json',
    });
    const viewer = await viewerOf(project_id);
    expect((await remove(id, name)).status).toBe(204);
    expect((await remove(id, name)).status).toBe(404);
    for (const person of [api.owner, viewer]) {
      expect((await api.as(person).get(`${PATH}/${id}`)).status).toBe(404);
      expect((await api.as(person).get(`/api/v1/projects/${project_id}/images`)).status).toBe(404);
      const listed = await api.as(person).get(PATH).query({ limit: 500 });
      expect(listed.body.items.map((item: { id: number }) => item.id)).not.toContain(id);
    }
    const left = async () => {
      const row = await api.db.sql.one<{ n: number }>(
        `select (select count(*) from datasets where id = $1)
              + (select count(*) from image_metadata where dataset_id = $1)
              + (select count(*) from annotation_projects where id = $2) as n`,
        [id, project_id],
      );
      const keys: string[] = [];
      for await (const { key } of api.storage.datasets.list(datasetPrefix(id))) keys.push(key);
      for await (const { key } of api.storage.annotations.list(projectPrefix(project_id))) keys.push(key);
      return { rows: row?.n, keys };
    };
    const deadline = Date.now() + 20_000;
    while (((await left()).rows ?? 1) > 0 || (await left()).keys.length > 0) {
      if (Date.now() > deadline) break;
      await wait(50);
    }
    expect(await left()).toEqual({ rows: 0, keys: [] });
  });

  test('ten owners’ clicks at once delete it once', async () => {
    const { id, name } = await api.newDataset();
    const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await remove(id, name)).status));
    expect(statuses.sort()).toEqual([204, ...Array<number>(9).fill(404)]);
  });
});
