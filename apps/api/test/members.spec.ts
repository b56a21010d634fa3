import type { ProjectChange } from '@labelyard/contract';
import { can, changeRoleProblem, ROLES, type Role } from '@labelyard/domain';
import { ProjectEvents } from '../src/events/project-events.js';
import { createTestApp, type TestApp, type TestPerson } from './app.factory.js';

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp({ replicas: 2 });
});
afterAll(() => api.close());

interface Answer {
  status: number;
  body: { error?: { code: string; details?: { reason?: string } }; items?: { user_id: string; role: Role }[] };
}

/** A fresh project, its members by role, and short ways to change them. */
async function project() {
  const { id: dataset_id, project_id } = await api.newDataset();
  const path = `/api/v1/projects/${project_id}/permissions`;
  return {
    dataset_id,
    project_id,
    member: (role: Role) => api.newMember(project_id, role),
    add: (by: TestPerson, user_id: string, role: Role): Promise<Answer> =>
      Promise.resolve(api.as(by).post(path).send({ user_id, role })),
    change: (by: TestPerson, { id }: TestPerson, role: Role): Promise<Answer> =>
      Promise.resolve(api.as(by).patch(`${path}/${id}`).send({ role })),
    remove: (by: TestPerson, { id }: TestPerson): Promise<Answer> =>
      Promise.resolve(api.as(by).delete(`${path}/${id}`)),
    transfer: (by: TestPerson, { id }: TestPerson): Promise<Answer> =>
      Promise.resolve(api.as(by).post(`/api/v1/projects/${project_id}/transfer`).send({ user_id: id })),
    roles: async () =>
      Object.fromEntries(
        ((await api.as(api.owner).get(path).query({ limit: 500 })) as Answer).body.items?.map((item) => [
          item.user_id,
          item.role,
        ]) ?? [],
      ) as Record<string, Role>,
    audit: () =>
      api.db.sql.rows<{ action: string; actor_id: string; subject_id: string; details: object }>(
        `select action, actor_id, subject_id, details from audit_log
          where project_id = $1 and outcome = 'done' and (action like 'member.%' or action = 'project.transfer') order by id`,
        [project_id],
      ),
  };
}

const brief = ({ status, body }: Answer) => [status, body.error?.code, body.error?.details?.reason];

test('a member is added, changed and removed, and each step is told and written down', async () => {
  const { project_id, add, change, remove, roles, audit } = await project();
  const heard: ProjectChange[] = [];
  const stop = api.app.get(ProjectEvents).subscribe(project_id, (event) => heard.push(event as ProjectChange));
  const kim = await api.newPerson({ full_name: 'Kim' });
  const added = await add(api.owner, kim.id, 'annotator');
  expect(added.status).toBe(201);
  expect(added.body).toMatchObject({
    user_id: kim.id,
    role: 'annotator',
    granted_by: api.owner.id,
    user: { full_name: 'Kim', is_active: true },
  });
  expect((await change(api.owner, kim, 'reviewer')).body).toMatchObject({ role: 'reviewer', user: { id: kim.id } });
  expect(await roles()).toEqual({ [api.owner.id]: 'owner', [kim.id]: 'reviewer' });
  expect((await api.as(kim).get(`/api/v1/projects/${project_id}`)).status).toBe(200);
  expect((await remove(api.owner, kim)).status).toBe(204);
  // At once, although the same connection asked a moment ago.
  expect((await api.as(kim).get(`/api/v1/projects/${project_id}`)).status).toBe(404);
  expect((await audit()).map(({ action, subject_id, details }) => [action, subject_id, details])).toEqual([
    ['member.add', kim.id, { role: 'annotator' }],
    ['member.update', kim.id, { before: 'annotator', after: 'reviewer' }],
    ['member.remove', kim.id, { role: 'reviewer' }],
  ]);
  while (heard.length < 3) await new Promise((resolve) => setImmediate(resolve));
  stop();
  expect(heard).toEqual(Array(3).fill({ type: 'member', user_id: kim.id }));
});

test('members are found by name or address: those who begin so first, and only workers when asked', async () => {
  const { project_id } = await project();
  const people = await api.users.users.upsertPeople(
    [
      ['ida@find.test', 'Ida Lee', true],
      ['lee@find.test', '이지은', true],
      ['off@find.test', 'Lee Off', false],
      ['sees@find.test', 'Lee Viewer', true],
      ['other@find.test', 'Lee Elsewhere', true],
    ].map(([email, full_name, is_active]) => ({
      email: email as string,
      full_name: full_name as string,
      is_active: is_active as boolean,
      hashed_password: 'x',
      system_role: 'standard_engineer' as const,
    })),
  );
  const id = (email: string) => people.find((person) => person.email === email)?.id ?? '';
  for (const [email, role] of [
    ['ida@find.test', 'annotator'],
    ['lee@find.test', 'reviewer'],
    ['off@find.test', 'annotator'],
    ['sees@find.test', 'viewer'],
  ] as const)
    await api.db.projects.setMember({ project_id, user_id: id(email), role, granted_by: api.owner.id });
  const found = async (query: object) =>
    (
      await api.as(api.owner).get(`/api/v1/projects/${project_id}/permissions/search`).query(query).expect(200)
    ).body.items.map((item: { user: { email: string } }) => item.user.email);
  expect(await found({ q: 'LEE' })).toEqual(['off@find.test', 'sees@find.test', 'lee@find.test', 'ida@find.test']);
  expect(await found({ q: 'lee', workers: true })).toEqual(['lee@find.test', 'ida@find.test']);
  expect(await found({ q: '지은'.normalize('NFD') })).toEqual(['lee@find.test']);
  expect(await found({ q: '%' })).toEqual([]);
  expect(await found({ q: 'lee', limit: 1 })).toEqual(['off@find.test']);
  expect(await found({ workers: true })).toHaveLength(3);
});

test.each(ROLES)('a %s gives, changes and takes away what the table of roles says, and nothing else', async (actor) => {
  const { member, change, remove, add, audit } = await project();
  const by = await member(actor);
  await member('owner');
  for (const target of ROLES) {
    const somebody = await member(target);
    const expected = changeRoleProblem(
      { actor: { user_id: by.id, role: actor }, target: { user_id: somebody.id, role: target }, owners: 3 },
      'viewer',
    );
    const changed = await change(by, somebody, 'viewer');
    expect([actor, target, changed.status]).toEqual([actor, target, expected === null ? 200 : 403]);
    const other = await member(target);
    const removed = await remove(by, other);
    expect([actor, target, removed.status]).toEqual([actor, target, expected === null ? 204 : 403]);
    const given = await add(by, (await api.newPerson()).id, target);
    const may = can(actor, 'member.manage') && target !== 'owner';
    expect([actor, target, given.status]).toEqual([actor, target, may ? 201 : 403]);
  }
  const done = (await audit()).length;
  expect(done > 0).toBe(can(actor, 'member.manage'));
});

test('the last owner can neither leave, be demoted nor be removed', async () => {
  const { member, change, remove, roles } = await project();
  const admin = await member('admin');
  expect(brief(await remove(api.owner, api.owner))).toEqual([409, 'in_use', 'last_owner']);
  expect(brief(await change(api.owner, api.owner, 'admin'))).toEqual([409, 'in_use', 'last_owner']);
  expect(brief(await remove(admin, api.owner))).toEqual([403, 'forbidden', 'member_above_own']);
  expect(brief(await change(api.owner, admin, 'owner'))).toEqual([403, 'forbidden', 'owner_by_transfer']);
  expect(await roles()).toMatchObject({ [api.owner.id]: 'owner', [admin.id]: 'admin' });
});

test.each(ROLES.filter((role) => role !== 'owner'))('a %s leaves by themselves', async (role) => {
  const { member, remove, audit, project_id } = await project();
  const person = await member(role);
  expect((await remove(person, person)).status).toBe(204);
  expect((await api.as(person).get(`/api/v1/projects/${project_id}`)).status).toBe(404);
  expect((await remove(person, person)).status).toBe(404);
  expect(await audit()).toEqual([expect.objectContaining({ action: 'member.leave', actor_id: person.id })]);
});

test('whoever only sees a public dataset cannot leave it', async () => {
  const { project_id } = await api.newDataset({ visibility: 'public' });
  const path = `/api/v1/projects/${project_id}/permissions/${api.stranger.id}`;
  expect((await api.as(api.stranger).delete(path)).status).toBe(403);
});

test('ownership moves as one: the old owner becomes an admin, the dataset names the new one', async () => {
  const { dataset_id, member, transfer, roles, audit } = await project();
  const [heir, admin] = [await member('viewer'), await member('admin')];
  expect(brief(await transfer(admin, heir))).toEqual([403, 'forbidden', undefined]);
  expect(brief(await transfer(api.owner, api.stranger))).toEqual([404, 'not_found', 'not_a_member']);
  expect(brief(await transfer(api.owner, api.owner))).toEqual([409, 'duplicate', 'already_owner']);
  const done = await transfer(api.owner, heir);
  expect([done.status, done.body]).toEqual([200, expect.objectContaining({ user_id: heir.id, role: 'owner' })]);
  expect(await roles()).toMatchObject({ [heir.id]: 'owner', [api.owner.id]: 'admin' });
  expect((await api.as(heir).get(`/api/v1/datasets/${dataset_id}`)).body).toMatchObject({
    owner: { id: heir.id },
    role: 'owner',
  });
  expect((await audit()).at(-1)).toMatchObject({ action: 'project.transfer', subject_id: heir.id });
});

test('somebody whose account is switched off inherits nothing', async () => {
  const { member, transfer } = await project();
  const gone = await member('admin');
  await api.users.dataSource.query('update users set is_active = false where id = $1', [gone.id]);
  expect((await transfer(api.owner, gone)).status).toBe(422);
});

test('of many transfers at once one is done, and there is one owner', async () => {
  const { member, transfer, roles } = await project();
  const heirs = await Promise.all(Array.from({ length: 8 }, () => member('admin')));
  const answers = await Promise.all(heirs.map((heir) => transfer(api.owner, heir)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 403)).toHaveLength(7);
  expect(Object.values(await roles()).filter((role) => role === 'owner')).toHaveLength(1);
});

test('two owners who remove or demote each other at the same moment leave one', async () => {
  for (let round = 0; round < 6; round += 1) {
    const { project_id, member, remove, change } = await project();
    const second = await member('owner');
    const answers = await Promise.all([
      round % 2 ? remove(api.owner, second) : change(api.owner, second, 'viewer'),
      remove(second, api.owner),
    ]);
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
    const { items } = await api.db.projects.members(project_id, { limit: 5 });
    expect(items.filter(({ role }) => role === 'owner')).toHaveLength(1);
  }
});

test('the same person added twenty times at once is a member once', async () => {
  const { add, roles } = await project();
  const kim = await api.newPerson();
  const answers = await Promise.all(Array.from({ length: 20 }, () => add(api.owner, kim.id, 'annotator')));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(19).fill(409)]);
  expect(Object.keys(await roles())).toHaveLength(2);
});

test('what cannot be is told by its field', async () => {
  const { add, change, project_id } = await project();
  const gone = await api.newPerson({ is_active: false });
  for (const [user_id, code] of [
    ['999999999', 'unknown_person'],
    ['not-an-id', 'unknown_person'],
    [gone.id, 'deactivated'],
  ] as const) {
    const answer = await add(api.owner, user_id, 'viewer');
    expect([answer.status, answer.body.error?.details]).toEqual([
      422,
      [expect.objectContaining({ path: 'user_id', code })],
    ]);
  }
  expect((await add(api.owner, gone.id, 'emperor' as Role)).status).toBe(422);
  expect(brief(await add(api.owner, api.owner.id, 'viewer'))).toEqual([409, 'duplicate', 'already_member']);
  expect(brief(await change(api.owner, api.stranger, 'viewer'))).toEqual([404, 'not_found', 'not_a_member']);
  // A member of one project is nobody in the path of another.
  const other = await project();
  const theirs = await other.member('viewer');
  const path = `/api/v1/projects/${project_id}/permissions/${theirs.id}`;
  expect((await api.as(api.owner).delete(path)).status).toBe(404);
  expect((await api.as(theirs).delete(path)).status).toBe(404);
});

test('an addition repeated with its key is done once', async () => {
  const { project_id, audit } = await project();
  const kim = await api.newPerson();
  const send = () =>
    api
      .as(api.owner)
      .post(`/api/v1/projects/${project_id}/permissions`)
      .set('idempotency-key', `add-${kim.id}`)
      .send({ user_id: kim.id, role: 'viewer' });
  const [first, second] = [await send(), await send()];
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.body).toEqual(first.body);
  expect(await audit()).toHaveLength(1);
});

test('people the User DB no longer knows, or has switched off, are listed as such', async () => {
  const { project_id, member } = await project();
  const gone = await member('viewer');
  await api.db.projects.setMember({ project_id, user_id: '987654321', role: 'viewer', granted_by: api.owner.id });
  await api.users.dataSource.query('update users set is_active = false where id = $1', [gone.id]);
  const { items } = (await api.as(api.owner).get(`/api/v1/projects/${project_id}/permissions`)).body as {
    items: { user_id: string; user: { is_active: boolean } | null }[];
  };
  expect(items.find(({ user_id }) => user_id === gone.id)?.user).toMatchObject({ is_active: false });
  expect(items.find(({ user_id }) => user_id === '987654321')?.user).toBeNull();
});

test('10,000 members are listed page by page and changed without delay', async () => {
  const { project_id, change } = await project();
  await api.db.sql.run(
    `insert into project_permissions (project_id, user_id, role) select $1, 'many-' || n, 'viewer' from generate_series(1, 10000) n`,
    [project_id],
  );
  const kim = await api.newMember(project_id, 'annotator');
  const seen = new Set<string>();
  let cursor: string | undefined;
  const started = performance.now();
  do {
    const { body } = (await api
      .as(api.owner)
      .get(`/api/v1/projects/${project_id}/permissions`)
      .query({ limit: 500, cursor })) as { body: { items: { user_id: string }[]; next_cursor: string | null } };
    for (const { user_id } of body.items) seen.add(user_id);
    cursor = body.next_cursor ?? undefined;
  } while (cursor);
  expect(seen.size).toBe(10_002);
  expect((await change(api.owner, kim, 'reviewer')).status).toBe(200);
  // 21 pages; generous, because other tests run beside it.
  expect(performance.now() - started).toBeLessThan(10_000);
});

test('who only looks at a public dataset sees names, no addresses, and finds nobody by a part of one', async () => {
  const { project_id } = await api.newDataset({ visibility: 'public' });
  const kim = await api.newPerson({ full_name: 'Kim Shown', email: 'kim.shown@members.test' });
  await api.db.projects.setMember({ project_id, user_id: kim.id, role: 'viewer', granted_by: api.owner.id });
  const emails = async (by: TestPerson, path: string, query: object) => {
    const { body } = await api.as(by).get(`/api/v1/projects/${project_id}/permissions${path}`).query(query);
    return (body as { items: { user: { email: string } }[] }).items.map(({ user }) => user.email).sort();
  };
  expect(await emails(api.stranger, '', {})).toEqual(['', '']);
  expect(await emails(api.stranger, '/search', { q: 'shown' })).toEqual(['']);
  expect(await emails(api.stranger, '/search', { q: 'members.test' })).toEqual([]);
  expect(await emails(kim, '', {})).toEqual(['kim.shown@members.test', api.owner.email]);
  expect(await emails(api.owner, '/search', { q: 'members.test' })).toEqual(['kim.shown@members.test']);
});

test('whatever else a stranger reads of a public dataset names people without their addresses', async () => {
  const { id: dataset_id, project_id } = await api.newDataset({ visibility: 'public' });
  const picture = {
    path: 'a.png',
    content_type: 'image/png',
    width: 9,
    height: 9,
    size_bytes: 9,
    sha256: 'a'.repeat(64),
  };
  const [inserted] = await api.db.images.insertMany(dataset_id, api.owner.id, 'skip', [picture]);
  const image_id = inserted?.image.id as number;
  const kim = await api.newMember(project_id, 'admin');
  const project = `/api/v1/projects/${project_id}`;
  const made = async (by: TestPerson, path: string, body: object) => {
    const answer = await api.as(by).post(path).send(body);
    expect({ path, ok: answer.status < 300 }).toEqual({ path, ok: true });
  };
  await made(kim, `${project}/comments`, { image_id, body: 'Look', mentions: [api.owner.id] });
  await made(kim, `${project}/tasks`, {
    task_type: 'detection',
    name: 'Batch',
    rule: { by: 'size', size: 1 },
    assignees: [kim.id],
  });
  await made(kim, '/api/v1/image-locks/acquire', { project_id, image_id });
  for (const path of [
    `/api/v1/datasets/${dataset_id}`,
    '/api/v1/datasets?limit=200',
    `${project}/comments`,
    `${project}/tasks`,
    `${project}/splits`,
    `${project}/history`,
    `${project}/restores`,
    `${project}/versions`,
    `${project}/deleted-images`,
    `${project}/images/${image_id}/moments?task_type=detection`,
    `/api/v1/image-locks/project/${project_id}`,
  ]) {
    const { status, text } = await api.as(api.stranger).get(path);
    expect({ path, status, addresses: text.match(/[\w.-]+@[\w.-]+/gu) }).toEqual({
      path,
      status: 200,
      addresses: null,
    });
  }
});
