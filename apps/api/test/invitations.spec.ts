import { hash } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Role } from '@labelyard/domain';
import { SMTPServer } from 'smtp-server';
import { createTestApp, type TestApp, type TestPerson } from './app.factory.js';
import { loseNextDeadlock } from './deadlock.js';
import { EventReader } from './event-reader.js';

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp({ replicas: 2 });
});
afterAll(() => api.close());

interface Answer {
  status: number;
  body: {
    id: number;
    status: string;
    invitation: { id: number; invitee_email: string; invitee_id: string | null };
    token: string | null;
    emailed: boolean;
    items: { id: number; status: string; project: { name: string } | null }[];
    next_cursor: string | null;
    received: number;
    error?: { code: string; details?: { reason?: string; current?: { id: number } } };
  };
}

const brief = ({ status, body }: Answer) => [status, body.error?.code, body.error?.details?.reason];
const invite = (project_id: number, values: object, by: TestPerson = api.owner): Promise<Answer> =>
  Promise.resolve(
    api
      .as(by)
      .post('/api/v1/invitations')
      .send({ project_id, role: 'annotator', ...values }),
  );
const answer = (by: TestPerson, id: number, what: string, body: object = {}): Promise<Answer> =>
  Promise.resolve(api.as(by).post(`/api/v1/invitations/${id}/${what}`).send(body));
const list = (by: TestPerson, query: object): Promise<Answer> =>
  Promise.resolve(api.as(by).get('/api/v1/invitations').query(query));
const preview = (token: string): Promise<Answer> =>
  Promise.resolve(api.as(null).get(`/api/v1/invitations/by_token/${token}`));
const roleOf = async (project_id: number, { id }: TestPerson) =>
  (await api.db.members.standing(project_id, [id])).members.get(id)?.role ?? null;
const users = (sql: string, values: unknown[] = []) => api.users.dataSource.query(sql, values);

/** A project, somebody who is not in it, and an invitation of them. */
async function invited(values: { role?: Role; by?: TestPerson } = {}) {
  const { project_id, id: dataset_id, name } = await api.newDataset();
  const kim = await api.newPerson();
  const sent = await invite(project_id, { email: kim.email, role: values.role ?? 'annotator' });
  const { token } = sent.body;
  return { project_id, dataset_id, name, kim, sent, id: sent.body.invitation.id, token: token ?? '' };
}

test('an invitation by e-mail is seen on both sides, accepted, and makes a member', async () => {
  const { project_id, name, kim, sent, id, token } = await invited({ role: 'reviewer' });
  expect(sent.status).toBe(201);
  expect(sent.body).toMatchObject({
    emailed: false,
    token: expect.stringMatching(/^[\w-]{43}$/u),
    invitation: {
      status: 'pending',
      role: 'reviewer',
      invitee_id: kim.id,
      project: { name },
      inviter: { id: api.owner.id },
    },
  });
  expect((await preview(token)).body).toMatchObject({
    id,
    project_name: name,
    role: 'reviewer',
    inviter_name: 'Olivia Owner',
    status: 'pending',
  });
  expect((await list(kim, {})).body.items).toMatchObject([{ id, status: 'pending', project: { name } }]);
  expect((await list(api.owner, { box: 'sent', limit: 1 })).body.items).toMatchObject([{ id }]);
  const count = await api.as(kim).get('/api/v1/invitations/count');
  expect(count.body).toEqual({ received: 1 });
  const accepted = await answer(kim, id, 'accept');
  expect([accepted.status, accepted.body.status]).toEqual([200, 'accepted']);
  expect(await roleOf(project_id, kim)).toBe('reviewer');
  expect((await api.as(kim).get('/api/v1/invitations/count')).body).toEqual({ received: 0 });
  expect(brief(await answer(kim, id, 'accept'))).toEqual([410, 'closed', 'accepted']);
  const log = await api.db.sql.rows<{ action: string }>(
    `select action from audit_log where project_id = $1 and action like 'invitation.%' order by id`,
    [project_id],
  );
  expect(log.map(({ action }) => action)).toEqual(['invitation.create', 'invitation.accept']);
});

test('only the hash of the token is kept, wherever one looks', async () => {
  const { project_id } = await api.newDataset();
  const sent: Answer = await api
    .as(api.owner)
    .post('/api/v1/invitations')
    .set('idempotency-key', `invite-${project_id}`)
    .send({ project_id, email: 'hashed@x.org', role: 'viewer' });
  const token = sent.body.token ?? '';
  const [row] = (await users('select token from invitations where id = $1', [sent.body.invitation.id])) as {
    token: string;
  }[];
  expect(row?.token).toBe(hash('sha256', token, 'hex'));
  const kept = await api.db.sql.rows(`select * from idempotency_keys where key = $1`, [`invite-${project_id}`]);
  expect(JSON.stringify(kept)).toContain('hashed@x.org');
  expect(JSON.stringify(kept)).not.toContain(token);
  const again: Answer = await api
    .as(api.owner)
    .post('/api/v1/invitations')
    .set('idempotency-key', `invite-${project_id}`)
    .send({ project_id, email: 'hashed@x.org', role: 'viewer' });
  expect([again.status, again.body.token, again.body.invitation.id]).toEqual([201, null, sent.body.invitation.id]);
});

test('somebody who joins the installation later finds the invitation by their e-mail address, in any case', async () => {
  const { project_id } = await api.newDataset();
  const sent = await invite(project_id, { email: 'Later@Example.org', message: ' 환영합니다 ' });
  expect(sent.body.invitation).toMatchObject({ invitee_id: null, invitee: null, message: '환영합니다' });
  const later = await api.newPerson({ email: 'later@example.ORG' });
  expect((await list(later, { box: 'received', status: 'pending' })).body.items).toHaveLength(1);
  expect((await answer(later, sent.body.invitation.id, 'accept')).status).toBe(200);
  expect(await roleOf(project_id, later)).toBe('annotator');
});

test('the wrong person sees nothing of it, and is told clearly when they hold the link', async () => {
  const { project_id, id, token } = await invited();
  expect((await list(api.stranger, {})).body.items).toEqual([]);
  for (const what of ['accept', 'decline']) {
    expect(brief(await answer(api.stranger, id, what))).toEqual([404, 'not_found', undefined]);
    expect(brief(await answer(api.stranger, id, what, { token }))).toEqual([403, 'forbidden', 'wrong_person']);
    expect(brief(await answer(api.stranger, id, what, { token: 'x'.repeat(43) }))).toEqual([
      404,
      'not_found',
      undefined,
    ]);
  }
  for (const what of ['cancel', 'renew'])
    expect(brief(await answer(api.stranger, id, what))).toEqual([404, 'not_found', undefined]);
  expect(await roleOf(project_id, api.stranger)).toBeNull();
  expect((await preview('x'.repeat(43))).status).toBe(404);
  expect((await preview('short')).status).toBe(422);
});

test.each([
  [
    'expired',
    (id: number) => users(`update invitations set expires_at = now() - interval '1 second' where id = $1`, [id]),
  ],
  ['declined', async (id: number, kim: TestPerson) => answer(kim, id, 'decline')],
  ['cancelled', async (id: number) => answer(api.owner, id, 'cancel')],
  ['accepted', async (id: number, kim: TestPerson) => answer(kim, id, 'accept')],
])('an invitation that is %s says so to whoever answers it', async (reason, close) => {
  const { id, kim, token, project_id } = await invited();
  await close(id, kim);
  for (const what of ['accept', 'decline']) expect(brief(await answer(kim, id, what))).toEqual([410, 'closed', reason]);
  expect(brief(await answer(api.owner, id, 'cancel'))).toEqual([410, 'closed', reason]);
  expect((await preview(token)).body.status).toBe(reason);
  expect(await roleOf(project_id, kim)).toBe(reason === 'accepted' ? 'annotator' : null);
  expect((await list(kim, { status: reason })).body.items).toMatchObject([{ id, status: reason }]);
});

test('an inviter who lost the right, a deleted project and a member since are refused each in their way', async () => {
  const first = await invited();
  const admin = await api.newMember(first.project_id, 'admin');
  const kim = await api.newPerson();
  const { id } = (await invite(first.project_id, { user_id: kim.id }, admin)).body.invitation;
  await api
    .as(api.owner)
    .patch(`/api/v1/projects/${first.project_id}/permissions/${admin.id}`)
    .send({ role: 'viewer' });
  expect(brief(await answer(kim, id, 'accept'))).toEqual([410, 'closed', 'inviter_lost_rights']);

  const second = await invited();
  await api.db.datasets.delete(second.dataset_id);
  expect(brief(await answer(second.kim, second.id, 'accept'))).toEqual([410, 'closed', 'project_deleted']);
  expect((await list(second.kim, {})).body.items).toMatchObject([{ project: null }]);

  const third = await invited();
  await api.db.projects.setMember({ ...third, user_id: third.kim.id, role: 'viewer', granted_by: api.owner.id });
  expect(brief(await answer(third.kim, third.id, 'accept'))).toEqual([409, 'duplicate', 'already_member']);
  expect(await roleOf(third.project_id, third.kim)).toBe('viewer');
});

test('who may invite, whom and as what', async () => {
  const { project_id, kim, id } = await invited();
  const admin = await api.newMember(project_id, 'admin');
  for (const role of ['viewer', 'annotator', 'reviewer'] as const) {
    const member = await api.newMember(project_id, role);
    expect(brief(await invite(project_id, { email: `${role}@invited.org` }, member))).toEqual([
      403,
      'forbidden',
      undefined,
    ]);
  }
  expect((await invite(project_id, { email: 'as-admin@x.org', role: 'admin' }, admin)).status).toBe(201);
  expect(brief(await invite(project_id, { email: 'as-owner@x.org', role: 'owner' }))).toEqual([
    403,
    'forbidden',
    'owner_by_transfer',
  ]);
  expect(brief(await invite(project_id, { user_id: admin.id }))).toEqual([409, 'duplicate', 'already_member']);
  expect(brief(await invite(project_id, { email: admin.email.toUpperCase() }))).toEqual([
    409,
    'duplicate',
    'already_member',
  ]);
  const twice = await invite(project_id, { user_id: kim.id, role: 'viewer' });
  expect(brief(twice)).toEqual([409, 'duplicate', 'already_invited']);
  expect(twice.body.error?.details?.current?.id).toBe(id);
  const gone = await api.newPerson({ is_active: false });
  for (const wrong of [
    {},
    { email: 'no address' },
    { email: 'a@b.org', user_id: kim.id },
    { user_id: '999999999' },
    { user_id: gone.id },
    { email: gone.email },
    { email: 'a@b.org', role: 'emperor' },
    { email: 'a@b.org', message: 'x'.repeat(1_001) },
  ])
    expect((await invite(project_id, wrong)).status).toBe(422);
});

test('of twenty who invite the same person at once, one does', async () => {
  const { project_id } = await api.newDataset();
  const answers = await Promise.all(Array.from({ length: 20 }, () => invite(project_id, { email: 'crowd@x.org' })));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(19).fill(409)]);
});

test('accepting, taking back and declining at once have one outcome', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { project_id, kim, id } = await invited();
    const answers = await Promise.all([
      answer(kim, id, 'accept'),
      answer(api.owner, id, 'cancel'),
      answer(kim, id, 'decline'),
      answer(kim, id, 'accept'),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const [row] = (await list(kim, {})).body.items;
    expect(await roleOf(project_id, kim)).toBe(row?.status === 'accepted' ? 'annotator' : null);
  }
});

describe('a crash between the two databases', () => {
  const breakUserDb = () =>
    users(`create function broken() returns trigger language plpgsql as $$ begin raise exception 'crash'; end $$;
      create trigger broken before update on invitations for each row execute function broken()`);
  const repairUserDb = () => users(`drop function broken cascade`);

  async function crashed() {
    const made = await invited();
    await breakUserDb();
    try {
      expect((await answer(made.kim, made.id, 'accept')).status).toBe(500);
    } finally {
      await repairUserDb();
    }
    // The membership is there, the invitation does not know.
    expect(await roleOf(made.project_id, made.kim)).toBe('annotator');
    expect((await list(made.kim, {})).body.items).toMatchObject([{ status: 'pending' }]);
    return made;
  }

  test('is healed by accepting again, once', async () => {
    const { project_id, kim, id } = await crashed();
    const again = await answer(kim, id, 'accept');
    expect([again.status, again.body.status]).toEqual([200, 'accepted']);
    const entries = await api.db.sql.rows(
      `select id from audit_log where project_id = $1 and action = 'invitation.accept'`,
      [project_id],
    );
    expect(entries).toHaveLength(1);
  });

  test.each(['cancel', 'decline'])('is not undone by "%s": the person has joined', async (what) => {
    const { project_id, kim, id } = await crashed();
    expect(brief(await answer(what === 'cancel' ? api.owner : kim, id, what))).toEqual([410, 'closed', 'accepted']);
    expect((await list(kim, {})).body.items).toMatchObject([{ status: 'accepted' }]);
    expect(await roleOf(project_id, kim)).toBe('annotator');
  });
});

test('a renewed invitation has a new link, and the old one leads nowhere', async () => {
  const { project_id, kim, id, token } = await invited();
  await users(`update invitations set expires_at = now() - interval '1 second' where id = $1`, [id]);
  const admin = await api.newMember(project_id, 'admin');
  const reviewer = await api.newMember(project_id, 'reviewer');
  expect((await answer(reviewer, id, 'renew')).status).toBe(404);
  const renewed = await answer(admin, id, 'renew');
  expect([renewed.status, renewed.body.invitation]).toEqual([200, expect.objectContaining({ status: 'pending' })]);
  expect((await preview(token)).status).toBe(404);
  expect((await preview(renewed.body.token ?? '')).body.status).toBe('pending');
  expect((await answer(kim, id, 'accept')).status).toBe(200);
  expect(brief(await answer(admin, id, 'renew'))).toEqual([410, 'closed', 'accepted']);
});

test('whoever manages the members sees a project’s pending invitations and takes them back', async () => {
  const { project_id, kim, id } = await invited();
  const admin = await api.newMember(project_id, 'admin');
  const path = `/api/v1/projects/${project_id}/invitations`;
  expect((await api.as(admin).get(path)).body.items).toMatchObject([{ id }]);
  expect((await answer(admin, id, 'cancel')).body.status).toBe('cancelled');
  expect((await api.as(admin).get(path)).body.items).toEqual([]);
  expect(await roleOf(project_id, kim)).toBeNull();
});

test.each([
  ['accept', 2],
  ['decline', 1],
  ['cancel', 1],
])('“%s” is told to the project when the invitation is not pending any more', async (what, events) => {
  const { project_id, kim, id } = await invited();
  await using reader = await EventReader.open(api.url, api.owner, project_id);
  await answer(what === 'cancel' ? api.owner : kim, id, what);
  for (let n = 0; n < events; n += 1) await reader.until('member');
  const left = await api.as(api.owner).get(`/api/v1/projects/${project_id}/invitations`);
  expect(left.body.items).toEqual([]);
});

test('a list of 120 invitations comes in pages, none twice', async () => {
  const many = await api.newPerson();
  for (let n = 0; n < 3; n += 1) await invite((await api.newDataset()).project_id, { email: many.email });
  await users(
    `insert into invitations (token, project_id, inviter_id, invitee_email, role, expires_at)
      select 'many ' || n, 1000 + n, $1, $2, 'viewer', now() + interval '1 day' from generate_series(1, 117) n`,
    [api.owner.id, many.email],
  );
  const first = await list(many, { limit: 100 });
  const second = await list(many, { limit: 100, cursor: first.body.next_cursor });
  expect([first.body.items.length, second.body.items.length, second.body.next_cursor]).toEqual([100, 20, null]);
  expect(new Set([...first.body.items, ...second.body.items].map(({ id }) => id)).size).toBe(120);
});

describe('with an SMTP server', () => {
  const letters: { to: string[]; text: string }[] = [];
  let refusals = 0;
  let heard: () => void = () => undefined;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (refusals > 0) {
          refusals -= 1;
          return done(Object.assign(new Error('Try later'), { responseCode: 451 }));
        }
        letters.push({
          to: session.envelope.rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString('utf8'),
        });
        done();
        heard();
      });
    },
  });
  let mailing: TestApp;

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    const { port } = server.server.address() as AddressInfo;
    mailing = await createTestApp({
      env: {
        SMTP_HOST: '127.0.0.1',
        SMTP_PORT: String(port),
        SMTP_SECURITY: 'none',
        MAIL_FROM: 'Labelyard <yard@example.org>',
        WEB_URL: 'http://web.test:3010/',
      },
    });
  });
  afterAll(async () => {
    await mailing.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  /** The next letter's link, read as a mail program reads it. */
  async function nextLink(count: number): Promise<string> {
    while (letters.length < count) await new Promise<void>((resolve) => (heard = resolve));
    const [head = '', ...rest] = letters[count - 1]?.text.split('\r\n\r\n') ?? [];
    const body = rest.join('\r\n\r\n');
    const text = /content-transfer-encoding: base64/iu.test(head)
      ? Buffer.from(body, 'base64').toString('utf8')
      : body.replace(/=\r\n/gu, '').replace(/=3D/gu, '=');
    return /http:\/\/web\.test:3010\/invitations\/([\w-]{43})/u.exec(text)?.[1] ?? `no link in: ${text}`;
  }

  test('the link goes by e-mail and not to the inviter, a server that is busy is asked again, and it works', async () => {
    const { project_id } = await mailing.newDataset();
    refusals = 1;
    const sent: Answer = await mailing
      .as(mailing.owner)
      .post('/api/v1/invitations')
      .send({ project_id, email: 'post@example.org', role: 'annotator', message: 'Come in\r\nBcc: x@y.org' });
    expect([sent.status, sent.body.emailed, sent.body.token]).toEqual([201, true, null]);
    await mailing.runNow(`invitations.send:${sent.body.invitation.id}`);
    const token = await nextLink(1);
    expect(letters[0]?.to).toEqual(['post@example.org']);
    const kim = await mailing.newPerson({ email: 'post@example.org' });
    const shown = await mailing.as(null).get(`/api/v1/invitations/by_token/${token}`);
    expect(shown.body).toMatchObject({ status: 'pending', invitee_email: 'post@example.org' });
    const accepted = await mailing.as(kim).post(`/api/v1/invitations/${shown.body.id}/accept`).send({ token });
    expect(accepted.status).toBe(200);
  });

  test('one that is taken back before it is sent is not sent', async () => {
    const { project_id } = await mailing.newDataset();
    const before = letters.length;
    await mailing
      .as(mailing.owner)
      .post('/api/v1/invitations')
      .send({ project_id, email: 'one@x.org', role: 'viewer' });
    await nextLink(before + 1);
    const [row] = await mailing.users.dataSource.query(`select id from invitations where invitee_email = 'one@x.org'`);
    await mailing.as(mailing.owner).post(`/api/v1/invitations/${row.id}/cancel`).expect(200);
    await mailing.as(mailing.owner).post(`/api/v1/invitations/${row.id}/renew`).expect(410);
    await mailing
      .as(mailing.owner)
      .post('/api/v1/invitations')
      .send({ project_id, email: 'two@x.org', role: 'viewer' });
    await nextLink(before + 2);
    expect(letters.slice(before).flatMap(({ to }) => to)).toEqual(['one@x.org', 'two@x.org']);
  });
});

describe('with two connections to each database', () => {
  let small: TestApp;
  beforeAll(async () => {
    small = await createTestApp({ env: { DB_POOL_SIZE: '2', DB_MAX_OVERFLOW: '0', DB_POOL_TIMEOUT: '3' } });
  });
  afterAll(() => small.close());

  test('many who send, renew, accept and try others’ links at once all get their answer', async () => {
    const { project_id } = await small.newDataset();
    const post = (by: TestPerson, path: string, body: object) => small.as(by).post(`/api/v1${path}`).send(body);
    const send = async () =>
      post(small.owner, '/invitations', { project_id, user_id: (await small.newPerson()).id, role: 'viewer' });
    const sent: { invitation: { id: number }; token: string }[] = [];
    const guests: TestPerson[] = [];
    for (let n = 0; n < 8; n += 1) {
      const guest = await small.newPerson();
      const { body } = await post(small.owner, '/invitations', { project_id, user_id: guest.id, role: 'viewer' });
      guests.push(guest);
      sent.push(body);
    }
    const answers = await Promise.all(
      sent.flatMap(({ invitation, token }, n) => [
        send(),
        post(small.stranger, `/invitations/${invitation.id}/accept`, { token }),
        post(guests[n] as TestPerson, `/invitations/${invitation.id}/accept`, {}),
        // Whoever is first: it was accepted, or its link is another one now.
        post(small.owner, `/invitations/${invitation.id}/renew`, {}),
      ]),
    );
    const statuses = (kind: number) => [
      ...new Set(answers.filter((_, n) => n % 4 === kind).map(({ status }) => status)),
    ];
    expect(statuses(0)).toEqual([201]);
    expect(statuses(2)).toEqual([200]);
    for (const status of statuses(1)) expect([403, 404]).toContain(status);
    for (const status of statuses(3)) expect([200, 410]).toContain(status);
  });
});

test('after a deadlock the invitation is there once, and is no duplicate of itself', async () => {
  const { project_id } = await api.newDataset();
  const kim = await api.newPerson();
  await using _ = await loseNextDeadlock(api.db, 'audit_log');
  const sent = await invite(project_id, { email: kim.email });
  expect(brief(sent)).toEqual([201, undefined, undefined]);
  expect((await list(kim, {})).body.items).toMatchObject([{ id: sent.body.invitation.id, status: 'pending' }]);
  expect(brief(await answer(kim, sent.body.invitation.id, 'accept'))).toEqual([200, undefined, undefined]);
});
