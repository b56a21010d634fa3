import type { IncomingMessage } from 'node:http';
import { ENDPOINTS, type EndpointName, type EndpointSpec } from '@labelyard/contract';
import { ACTIONS, can, ROLES, type Role } from '@labelyard/domain';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { watchRoutes } from '../src/http/bound-endpoints.js';
import { createTestApp, type TestApp, type TestPerson } from './app.factory.js';

const endpoints: { name: EndpointName; spec: EndpointSpec }[] = Object.entries(ENDPOINTS).map(([name, spec]) => ({
  name: name as EndpointName,
  spec,
}));
const guarded = endpoints.filter(({ spec }) => spec.access !== 'public' && spec.access !== 'signed');
const byRole = endpoints.filter(({ spec }) => typeof spec.access === 'object' && 'action' in spec.access);
const bySystemRole = endpoints.filter(({ spec }) => typeof spec.access === 'object' && 'system' in spec.access);

let api: TestApp;
let dataset: { id: number; project_id: number };
let members: Record<Role, TestPerson>;
let ids: Record<string, number>;

beforeAll(async () => {
  api = await createTestApp();
  dataset = await api.newDataset({ task_types: ['detection'] });
  const made = await Promise.all(ROLES.map((role) => api.newMember(dataset.project_id, role)));
  members = Object.fromEntries(ROLES.map((role, n) => [role, made[n]])) as Record<Role, TestPerson>;
  ids = await everyKindOfRow();
});
afterAll(() => api.close());

/** One row of each kind, for requests to be about. */
async function everyKindOfRow(): Promise<Record<string, number>> {
  const { id: dataset_id, project_id } = dataset;
  const inserted = await api.db.images.insertMany(dataset_id, api.owner.id, 'skip', [
    { path: 'a.png', content_type: 'image/png', width: 100, height: 80, size_bytes: 10, sha256: 'a'.repeat(64) },
  ]);
  const image_id = inserted[0]?.image.id ?? 0;
  const label = await api
    .as(api.owner)
    .post(`/api/v1/projects/${project_id}/classes`)
    .send({ task_type: 'detection', name: 'car' });
  const annotation = await api
    .as(api.owner)
    .post('/api/v1/annotations')
    .send({
      project_id,
      image_id,
      task_type: 'detection',
      class_id: label.body.id,
      geometry: { type: 'bbox', bbox: [1, 2, 3, 4] },
    });
  const upload = await api
    .as(api.owner)
    .post(`/api/v1/datasets/${dataset_id}/uploads`)
    .send({ files: [{ path: 'b.png', size: 12 }] });
  // By a reviewer, who may stop and delete their own only.
  const exported = await api.as(members.reviewer).post('/api/v1/export').send({ project_id, format: 'coco' });
  const imported = await api.db.imports.create(
    { project_id, source: {}, format: 'auto', choices: {}, created_by: api.owner.id },
    'checking',
  );
  const tasks = await api
    .as(api.owner)
    .post(`/api/v1/projects/${project_id}/tasks`)
    .send({ task_type: 'detection', name: 'Batch' });
  const talk = `/api/v1/projects/${project_id}/comments`;
  const comment = await api.as(members.annotator).post(talk).send({ image_id, body: 'Hm' });
  // Deleting what was answered leaves the row to the tests that follow.
  await api.as(api.owner).post(talk).send({ image_id, parent_id: comment.body.id, body: 'What?' });
  const guest = await api.newMember(project_id, 'viewer');
  const token = await api
    .as(api.owner)
    .post(`/api/v1/projects/${project_id}/service-tokens`)
    .send({ name: 'reader', scopes: ['projects:read'], expires_in_days: 1 });
  const restored = await api
    .as(api.owner)
    .post(`/api/v1/projects/${project_id}/images/${image_id}/restore`)
    .send({ at: new Date().toISOString() });
  const published = await api
    .as(api.owner)
    .post(`/api/v1/projects/${project_id}/versions`)
    .send({ include_drafts: true });
  return {
    version_id: published.body.id,
    restore_id: restored.body.id,
    task_id: tasks.body.items[0].id,
    comment_id: comment.body.id,
    dataset_id,
    user_id: Number(guest.id),
    project_id,
    image_id,
    class_id: label.body.id,
    annotation_id: annotation.body.id,
    upload_id: upload.body.id,
    export_id: exported.body.id,
    import_id: imported.id,
    service_token_id: token.body.id,
  };
}

/** A request to the endpoint that names existing rows and is otherwise empty: past the guard it may still be refused as 422. */
function call(spec: EndpointSpec, person: TestPerson | null, rows: Record<string, number>) {
  const path = spec.path.replace(/\{(\w+)\}/gu, (_match, name: string) => String(rows[name] ?? 'x'));
  const method = spec.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
  const named = (part: 'query' | 'body') => {
    const subject = typeof spec.access === 'object' && 'action' in spec.access ? spec.access.subject.split('.') : [];
    return subject[0] === part && subject[1] ? { [subject[1]]: rows[subject[1]] } : {};
  };
  const request = api.as(person)[method](path).query(named('query'));
  // A stream has no end: its head answers all that is asked here.
  if (spec.events) return request.buffer(true).parse(headOfStream);
  return spec.body ? request.send(named('body')) : request;
}

/** Reads a refusal; hangs up on a stream of events. */
function headOfStream(response: unknown, done: (error: Error | null, body: unknown) => void): void {
  const message = response as IncomingMessage;
  if (message.headers['content-type']?.startsWith('text/event-stream')) {
    message.destroy();
    return done(null, {});
  }
  const chunks: Buffer[] = [];
  message.on('data', (chunk: Buffer) => chunks.push(chunk));
  message.on('end', () => {
    const text = Buffer.concat(chunks).toString('utf8');
    Object.assign(message, { text });
    done(null, JSON.parse(text));
  });
}

test('every row kind exists', () => {
  expect(Object.entries(ids).filter(([, id]) => !Number.isInteger(id))).toEqual([]);
});

/** `METHOD /path` of everything the running router knows, read from the tree it prints. */
function routesOf(instance: FastifyInstance): string[] {
  const routes: string[] = [];
  const branch: string[] = [];
  for (const line of instance.printRoutes().split('\n')) {
    const [, indent = '', label = ''] = /^([│ ]*)[├└]── (.*)$/u.exec(line) ?? [];
    if (!label) continue;
    const [, part = label, methods = ''] = /^(.*) \((.*)\)$/u.exec(label) ?? [];
    branch.splice(indent.length / 4, Infinity, part === '(empty root node)' ? '' : part);
    for (const method of methods.split(', ').filter(Boolean)) routes.push(`${method} ${branch.join('')}`);
  }
  return routes;
}

test('the running router knows the contract, the short list beside it, and nothing else', () => {
  const routes = routesOf(api.app.getHttpAdapter().getInstance());
  const contract = endpoints.flatMap(({ spec }) => {
    const url = spec.path.replace(/\{(\w+)\}/gu, (_match, part: string) => (part === spec.rest ? '*' : `:${part}`));
    return spec.method === 'GET' ? [`GET ${url}`, `HEAD ${url}`] : [`${spec.method} ${url}`];
  });
  const docs = ['', '/begin.js', '/openapi.json', '/swagger-ui.css', '/swagger-ui-bundle.js', '/favicon-32x32.png'];
  const beside = ['OPTIONS *', ...docs.flatMap((file) => [`GET /docs${file}`, `HEAD /docs${file}`])];
  expect(routes.sort()).toEqual([...contract, ...beside].sort());
});

test('a route beside the contract stops the server before it listens', async () => {
  @Controller()
  class BackDoor {
    @Get('/api/v1/back-door')
    open() {
      return 'welcome';
    }
  }
  @Module({ controllers: [BackDoor] })
  class BackDoorModule {}
  const adapter = new FastifyAdapter();
  watchRoutes(adapter.getInstance<FastifyInstance>(), () => (_request, _reply, done) => done());
  const app = await NestFactory.create(BackDoorModule, adapter, { logger: false, abortOnError: false });
  await expect(app.init()).rejects.toThrow('The route GET /api/v1/back-door is not in the contract');
  await app.close();
});

test('an endpoint that nothing serves is named', async () => {
  const adapter = new FastifyAdapter();
  const routes = watchRoutes(adapter.getInstance<FastifyInstance>(), () => (_request, _reply, done) => done());
  expect(() => routes.assertComplete()).toThrow('auth.login');
  await adapter.close();
});

test('public endpoints are these and no others', () => {
  const open = endpoints.filter(({ spec }) => !guarded.some((other) => other.spec === spec)).map(({ name }) => name);
  expect(open.sort()).toEqual([
    'auth.login',
    'auth.logout',
    'health.live',
    'health.ready',
    'invitations.preview',
    'storage.read',
    'storage.write',
  ]);
});

test.each(guarded)('$name answers 401 to somebody who is not signed in', async ({ spec }) => {
  const answer = await call(spec, null, ids);
  expect({ status: answer.status, code: answer.body.error?.code }).toEqual({ status: 401, code: 'unauthorized' });
});

for (const { name, spec } of bySystemRole) {
  test(`${name} is for administrators of the installation`, async () => {
    const answer = await call(spec, api.owner, ids);
    expect({ status: answer.status, code: answer.body.error?.code }).toEqual({ status: 403, code: 'forbidden' });
  });
}

test.each(byRole)('$name answers a stranger as if nothing were there', async ({ spec }) => {
  const answer = await call(spec, api.stranger, ids);
  expect({ status: answer.status, code: answer.body.error?.code }).toEqual({ status: 404, code: 'not_found' });
  const missing = await call(spec, api.stranger, Object.fromEntries(Object.keys(ids).map((key) => [key, 999_999])));
  const withoutIds = (text: string) => text.replace(/\d+/gu, 'N').replace(/"request_id":"[^"]*"/u, '');
  expect(withoutIds(missing.text)).toBe(withoutIds(answer.text));
});

test.each(byRole)('$name lets in exactly the roles of the table', async ({ spec }) => {
  if (typeof spec.access !== 'object' || !('action' in spec.access)) throw new Error('not a guarded endpoint');
  const { action } = spec.access;
  // Weakest allowed and strongest refused: the table is a ladder, so these two tell all.
  const allowed = ACTIONS[action];
  const refused = ROLES[ROLES.indexOf(allowed) - 1];
  if (refused) {
    const answer = await call(spec, members[refused], ids);
    expect({ role: refused, status: answer.status, code: answer.body.error?.code }).toEqual({
      role: refused,
      status: 403,
      code: 'forbidden',
    });
    expect(can(refused, action)).toBe(false);
  }
  const answer = await call(spec, members[allowed], ids);
  expect({ role: allowed, refused: [401, 403, 404].includes(answer.status) ? answer.text : null }).toEqual({
    role: allowed,
    refused: null,
  });
});
