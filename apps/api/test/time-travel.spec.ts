import { randomUUID } from 'node:crypto';
import type { AnnotationVersion, ImageMoment, Restore } from '@labelyard/contract';
import type { Annotation } from '@labelyard/domain';
import fc from 'fast-check';
import { createTestApp, type TestApp, type TestPerson } from './app.factory.js';

let api: TestApp;
let mina: TestPerson;
let jon: TestPerson;
let rita: TestPerson;
let admin: TestPerson;
let project_id: number;
let dataset_id: number;
let classes: number[];

beforeAll(async () => {
  api = await createTestApp();
  ({ id: dataset_id, project_id } = await api.newDataset({ task_types: ['detection', 'classification'] }));
  mina = await api.newMember(project_id, 'annotator');
  jon = await api.newMember(project_id, 'annotator');
  rita = await api.newMember(project_id, 'reviewer');
  admin = await api.newMember(project_id, 'admin');
  const made = ['car', 'bus'].map((name) =>
    api.as(api.owner).post(`/api/v1/projects/${project_id}/classes`).send({ task_type: 'detection', name }),
  );
  classes = (await Promise.all(made)).map(({ body }) => body.id as number);
});
afterAll(() => api.close());

let paths = 0;
async function newImages(count: number): Promise<number[]> {
  const files = Array.from({ length: count }, () => ({
    path: `${(paths += 1)}.png`,
    content_type: 'image/png',
    width: 100,
    height: 80,
    size_bytes: 10,
    sha256: 'a'.repeat(64),
  }));
  const inserted = await api.db.images.insertMany(dataset_id, api.owner.id, 'skip', files);
  return inserted.map(({ image }) => image.id);
}
const newImage = async () => (await newImages(1))[0] as number;

const imageUrl = (image_id: number, rest: string) => `/api/v1/projects/${project_id}/images/${image_id}/${rest}`;

async function live(image_id: number): Promise<Annotation[]> {
  return (await api.as(jon).get(imageUrl(image_id, 'annotations'))).body.items;
}
async function asOf(image_id: number, at: string): Promise<Annotation[]> {
  const answer = await api.as(jon).get(imageUrl(image_id, 'as-of')).query({ at });
  expect(answer.status).toBe(200);
  return answer.body.items;
}
async function moments(image_id: number): Promise<ImageMoment[]> {
  return (await api.as(jon).get(imageUrl(image_id, 'moments'))).body.items;
}

async function operate(person: TestPerson, image_id: number, operations: object[]): Promise<Annotation[]> {
  const answer = await api
    .as(person)
    .post(imageUrl(image_id, 'operations'))
    .send({ operations: operations.map((one) => ({ op_id: randomUUID(), ...one })) });
  expect(answer.status).toBe(200);
  const results = answer.body.results as { status: string; annotation: Annotation }[];
  expect(results.map(({ status }) => status)).toEqual(operations.map(() => 'applied'));
  return results.map(({ annotation }) => annotation);
}
const box = (x: number, values: object = {}) => ({
  op: 'create',
  task_type: 'detection',
  class_id: classes[0],
  geometry: { type: 'bbox', bbox: [x, 2, 3, 4] },
  ...values,
});
const moved = ({ id, version }: Annotation, x: number, values: object = {}) => ({
  op: 'update',
  annotation_id: id,
  version,
  geometry: { type: 'bbox', bbox: [x, 2, 3, 4] },
  ...values,
});
const removed = ({ id, version }: Annotation) => ({ op: 'delete', annotation_id: id, version });

/** What a restore brings back of an annotation. */
const content = ({ id, class_id, geometry, attributes, confidence, created_by, created_at }: Annotation) => ({
  id,
  class_id,
  geometry,
  attributes,
  confidence,
  created_by,
  created_at,
});

async function restoreImage(person: TestPerson, image_id: number, at: string) {
  return api.as(person).post(imageUrl(image_id, 'restore')).send({ at });
}

async function finished(restore: Restore): Promise<Restore> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    const { body } = await api.as(admin).get(`/api/v1/restores/${restore.id}`);
    if (!['queued', 'running'].includes(body.status)) return body as Restore;
  }
  throw new Error('The restore did not end');
}

test('whatever is done to an image, each of its states can be seen and brought back', async () => {
  type Step = {
    readonly kind: 'create' | 'update' | 'delete' | 'confirm' | 'restore';
    readonly n: number;
    readonly x: number;
  };
  const step: fc.Arbitrary<Step> = fc.record({
    kind: fc.constantFrom('create', 'create', 'update', 'update', 'delete', 'confirm', 'restore'),
    n: fc.nat(50),
    x: fc.integer({ min: 0, max: 90 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 14 }), async (steps) => {
      const image_id = await newImage();
      /** What the image held, by the time of its last change; two changes may share a millisecond. */
      const states = new Map<string, Annotation[]>();
      for (const { kind, n, x } of steps) {
        const now = await live(image_id);
        const target = now[n % (now.length || 1)];
        const author = n % 2 ? mina : jon;
        if (kind === 'create' || (!target && kind !== 'restore')) await operate(author, image_id, [box(x)]);
        else if (kind === 'restore') {
          const at = [...states.keys()][n % (states.size || 1)];
          if (at) {
            const answer = await restoreImage(author, image_id, at);
            expect(answer.status).toBe(200);
            expect((await live(image_id)).map(content)).toEqual(states.get(at)?.map(content));
          }
        } else if (target && kind === 'update')
          await operate(author, image_id, [moved(target, x, { class_id: classes[n % 2], attributes: { x } })]);
        else if (target && kind === 'delete') await operate(author, image_id, [removed(target)]);
        else if (target && kind === 'confirm')
          await api.as(author).post(`/api/v1/annotations/${target.id}/confirm`).send({ version: target.version });
        const [last] = await moments(image_id);
        if (last) states.set(last.at, await live(image_id));
      }
      for (const [at, state] of states) expect(await asOf(image_id, at)).toEqual(state);
      expect(await asOf(image_id, '2000-01-01T00:00:00.000Z')).toEqual([]);
    }),
    { numRuns: 12 },
  );
});

describe('an image', () => {
  test('tells when it changed, who did it and what; page by page', async () => {
    const image_id = await newImage();
    const [one] = await operate(mina, image_id, [box(1), box(2)]);
    await operate(jon, image_id, [moved(one!, 5)]);
    await api.as(jon).post(imageUrl(image_id, 'confirm')).send({ task_type: 'detection' });
    const items = await moments(image_id);
    expect(items.map(({ user_id, user, counts }) => [user_id, user?.id, counts])).toEqual([
      [jon.id, jon.id, { confirm: 2 }],
      [jon.id, jon.id, { update: 1 }],
      [mina.id, mina.id, { create: 2 }],
    ]);
    const paged: ImageMoment[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await api.as(jon).get(imageUrl(image_id, 'moments')).query({ limit: 1, cursor });
      paged.push(...body.items);
      cursor = body.next_cursor;
    }
    expect(paged).toEqual(items);
  });

  test('previews what going back would do and whose work it undoes, does it as drafts, and undoes that', async () => {
    const image_id = await newImage();
    const [kept, changed, gone] = await operate(mina, image_id, [box(1), box(2), box(3)]);
    await api.as(jon).post(imageUrl(image_id, 'confirm')).send({ task_type: 'detection' });
    const at = (await moments(image_id))[0]!.at;
    const before = await live(image_id);
    const now = new Map(before.map((one) => [one.id, one]));
    await operate(jon, image_id, [
      moved(now.get(changed!.id)!, 50, { class_id: classes[1] }),
      removed(now.get(gone!.id)!),
      box(9),
    ]);
    const after = await live(image_id);
    const preview = await api.as(mina).get(imageUrl(image_id, 'restore-preview')).query({ at });
    expect(preview.body).toMatchObject({
      images: 1,
      truncated: false,
      editors: [{ user_id: jon.id, user: { id: jon.id }, count: 3 }],
    });
    const counts = (preview.body.counts as { kind: string; class_id: number; count: number; obstacle: null }[])
      .map(({ kind, class_id, count, obstacle }) => [kind, class_id, count, obstacle])
      .sort();
    expect(counts).toEqual([
      ['create', classes[0], 1, null],
      ['delete', classes[0], 1, null],
      ['update', classes[0], 1, null],
    ]);
    expect(await live(image_id)).toEqual(after);

    const answer = await restoreImage(mina, image_id, at);
    expect(answer.body).toMatchObject({ status: 'completed', counts: { create: 1, delete: 1, update: 1 } });
    const back = await live(image_id);
    expect(back.map(content)).toEqual(before.map(content));
    // What was touched must be looked at again; what was left alone is still done.
    expect(back.map(({ id, state }) => [id, state])).toEqual([
      [kept!.id, 'confirmed'],
      [changed!.id, 'draft'],
      [gone!.id, 'draft'],
    ]);
    const history: AnnotationVersion[] = (await api.as(jon).get(`/api/v1/annotations/${gone!.id}/history`)).body.items;
    expect(history.map(({ action, version }) => [action, version])).toEqual([
      ['restore', 4],
      ['delete', 3],
      ['confirm', 2],
      ['create', 1],
    ]);
    const undone = await restoreImage(mina, image_id, answer.body.undo.at);
    expect(undone.status).toBe(200);
    expect((await live(image_id)).map(content)).toEqual(after.map(content));
  });

  test('is left alone where the rules of today forbid it, with the reason', async () => {
    const image_id = await newImage();
    const made = await api
      .as(api.owner)
      .post(`/api/v1/projects/${project_id}/classes`)
      .send({ task_type: 'detection', name: `short-lived ${image_id}` });
    const [verified, orphan] = await operate(mina, image_id, [box(1), box(2, { class_id: made.body.id })]);
    const at = (await moments(image_id))[0]!.at;
    const [changed] = await operate(mina, image_id, [moved(verified!, 7), removed(orphan!)]);
    await api.as(api.owner).delete(`/api/v1/projects/${project_id}/classes/${made.body.id}`);
    await api.as(mina).post(imageUrl(image_id, 'confirm')).send({ task_type: 'detection' });
    const reviewed = await api
      .as(rita)
      .post(`/api/v1/annotations/${changed!.id}/verify`)
      .send({ version: changed!.version + 1 });
    expect(reviewed.status).toBe(200);
    const answer = await restoreImage(mina, image_id, at);
    expect(answer.body.counts).toEqual({ verified: 1, class_gone: 1 });
    expect(answer.body.undo).toBeNull();
    expect((await restoreImage(rita, image_id, at)).body.counts).toEqual({ update: 1, class_gone: 1 });
  });

  test('that somebody works on is not taken from under their hands', async () => {
    const image_id = await newImage();
    await operate(mina, image_id, [box(1)]);
    await api.as(jon).post('/api/v1/image-locks/acquire').send({ project_id, image_id });
    const answer = await restoreImage(mina, image_id, '2020-01-01T00:00:00Z');
    expect([answer.status, answer.body.error.code]).toEqual([423, 'locked']);
    expect(await live(image_id)).toHaveLength(1);
  });

  test.each(['yesterday', '', '2020-13-01T00:00:00Z'])('refuses the time %p by name', async (at) => {
    const image_id = await newImage();
    for (const answer of [
      await restoreImage(mina, image_id, at),
      await api.as(mina).get(imageUrl(image_id, 'as-of')).query({ at }),
    ]) {
      expect([answer.status, answer.body.error.details[0].path]).toEqual([422, 'at']);
    }
  });
});

describe('one annotation', () => {
  test('comes back as a version was, also after it was deleted; asked twice it is done once', async () => {
    const image_id = await newImage();
    const [one] = await operate(mina, image_id, [box(1)]);
    const [two] = await operate(jon, image_id, [moved(one!, 8)]);
    await operate(jon, image_id, [removed(two!)]);
    const url = `/api/v1/annotations/${one!.id}/restore`;
    const key = randomUUID();
    const first = await api.as(mina).post(url).set('idempotency-key', key).send({ version: 1 });
    const again = await api.as(mina).post(url).set('idempotency-key', key).send({ version: 1 });
    expect(first.body).toMatchObject({ counts: { create: 1 }, undo: { kind: 'annotation', version: 3 } });
    expect(again.body).toEqual(first.body);
    expect((await live(image_id)).map(({ id, version, geometry }) => [id, version, geometry])).toEqual([
      [one!.id, 4, { type: 'bbox', bbox: [1, 2, 3, 4] }],
    ]);
    const undone = await api.as(mina).post(url).send({ version: first.body.undo.version });
    expect(undone.body.counts).toEqual({ delete: 1 });
    expect(await live(image_id)).toEqual([]);
    expect((await api.as(mina).post(url).send({ version: 99 })).status).toBe(404);
    expect((await api.as(api.stranger).post(url).send({ version: 1 })).status).toBe(404);
  });
});

describe('one person’s work', () => {
  const preview = (query: object) => api.as(admin).get(`/api/v1/projects/${project_id}/restores/preview`).query(query);
  const revert = (body: object, person = admin) =>
    api.as(person).post(`/api/v1/projects/${project_id}/restores`).send(body);

  test('is taken back over many images; what others did on top stays unless asked; and all of it can be undone', async () => {
    const vandal = await api.newMember(project_id, 'annotator');
    const images = await newImages(25);
    const kept: Annotation[][] = [];
    for (const image_id of images) {
      const made = await operate(mina, image_id, [box(1), box(2), box(3)]);
      kept.push(made);
    }
    const since = (await moments(images[24] as number))[0]!.at;
    for (const [n, image_id] of images.entries()) {
      const [one, two] = kept[n]!;
      const [bad] = await operate(vandal, image_id, [moved(one!, 77), removed(two!), box(60)]);
      if (n === 0) await operate(jon, image_id, [moved(bad!, 20)]);
    }
    const damaged = await Promise.all(images.map(live));
    const seen = await preview({ user_id: vandal.id, since });
    expect(seen.body).toMatchObject({ images: 25, truncated: false, editors: [{ user_id: jon.id, count: 1 }] });
    const tally = Object.fromEntries(
      (seen.body.counts as { kind: string; obstacle: string | null; count: number }[]).map((one) => [
        one.obstacle ?? one.kind,
        one.count,
      ]),
    );
    expect(tally).toEqual({ update: 24, create: 25, delete: 25, edited_later: 1 });

    const begun = await revert({ user_id: vandal.id, since });
    expect([begun.status, begun.body.status]).toEqual([202, 'queued']);
    const done = await finished(begun.body);
    expect(done).toMatchObject({ status: 'completed', done: 25, images: 25, counts: tally });
    const back = await Promise.all(images.map(live));
    back.forEach((state, n) => {
      if (n > 0) expect(state.map(content)).toEqual(kept[n]!.map(content));
    });
    expect(back[0]!.map(({ geometry }) => 'bbox' in geometry && geometry.bbox[0])).toEqual([20, 2, 3]);

    const { undo } = done;
    expect(undo).toMatchObject({ kind: 'person', user_id: admin.id });
    const { kind: _, ...body } = undo as Extract<typeof undo, { kind: 'person' }>;
    const undone = await finished((await revert(body)).body);
    expect(undone.counts).toEqual({ update: 24, create: 25, delete: 25 });
    const again = await Promise.all(images.map(live));
    expect(again.map((state) => state.map(content))).toEqual(damaged.map((state) => state.map(content)));

    const everything = await finished((await revert({ user_id: vandal.id, since, overwrite: true })).body);
    // Our own restores lie on top of the vandal's work: they are overwritten too.
    expect(everything.counts).toEqual({ update: 25, create: 25, delete: 25 });
    expect((await live(images[0] as number)).map(content)).toEqual(kept[0]!.map(content));
    const list = await api.as(mina).get(`/api/v1/projects/${project_id}/restores`).query({ limit: 2 });
    expect(list.body.items.map(({ id }: Restore) => id)).toEqual([everything.id, undone.id]);

    const image_restore = await restoreImage(admin, images[0] as number, since);
    const newest = async (query: object) =>
      (
        await api
          .as(mina)
          .get(`/api/v1/projects/${project_id}/restores`)
          .query({ limit: 1, ...query })
      ).body.items[0].id;
    expect(await newest({})).toBe(image_restore.body.id);
    expect(await newest({ jobs: 'true' })).toBe(everything.id);
  });

  test('is taken back after they left, and refused for somebody who never did anything', async () => {
    const leaver = await api.newMember(project_id, 'annotator');
    const image_id = await newImage();
    await operate(leaver, image_id, [box(1)]);
    const since = '2020-01-01T00:00:00Z';
    await api.as(api.owner).delete(`/api/v1/projects/${project_id}/permissions/${leaver.id}`).expect(204);
    const done = await finished((await revert({ user_id: leaver.id, since })).body);
    expect(done.counts).toEqual({ delete: 1 });
    const idle = await api.newMember(project_id, 'annotator');
    for (const user_id of ['nobody-at-all', idle.id]) {
      const refused = await revert({ user_id, since });
      expect([refused.status, refused.body.error.details[0]]).toMatchObject([
        422,
        { path: 'user_id', code: 'no_work' },
      ]);
    }
  });

  test('is for admins, and wants a period that begins before it ends', async () => {
    const since = '2020-01-01T00:00:00Z';
    expect((await revert({ user_id: mina.id, since }, rita)).status).toBe(403);
    const turned = await revert({ user_id: mina.id, since, until: '2019-01-01T00:00:00Z' });
    expect([turned.status, turned.body.error.details[0].path]).toEqual([422, 'until']);
    expect((await revert({ user_id: mina.id })).status).toBe(422);
    expect((await preview({ since })).status).toBe(422);
  });
});
