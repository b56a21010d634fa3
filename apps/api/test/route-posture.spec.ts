import { type Action, ACTIONS, can, ROLES, type Role } from '@labelyard/domain';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { watchRoutes } from '../src/http/bound-endpoints.js';
import { createTestApp, type TestApp, type TestPerson } from './app.factory.js';
import { callEndpoint, endpoints, everyKindOfRow } from './every-endpoint.js';

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
  ids = await everyKindOfRow(api, dataset, members);
});
afterAll(() => api.close());

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

const NO_DOOR: Parameters<typeof watchRoutes>[1] = { before: () => [], handler: () => () => undefined };

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
  watchRoutes(adapter.getInstance<FastifyInstance>(), NO_DOOR);
  const app = await NestFactory.create(BackDoorModule, adapter, { logger: false, abortOnError: false });
  await expect(app.init()).rejects.toThrow('The route GET /api/v1/back-door is not in the contract');
  await app.close();
});

test('an endpoint that nothing serves is named', async () => {
  const adapter = new FastifyAdapter();
  const routes = watchRoutes(adapter.getInstance<FastifyInstance>(), NO_DOOR);
  expect(() => routes.assertComplete()).toThrow('auth.login');
  await adapter.close();
});

/** Asked for in the middle of an endpoint that more people may call: whose the thing is decides there. Their tests are told. */
const ASKED_INSIDE: readonly Action[] = [
  'annotation.edit_verified', // review.spec.ts: verified it is read-only for annotators, and not for reviewers
  'comment.moderate', // review.spec.ts: deleted by their authors; an admin may delete
  'export.manage', // exports.spec.ts: reviewers stop and delete their own, admins any
];

test('every action of the table is asked for: nobody is promised what cannot be done', () => {
  const asked = byRole.flatMap(({ spec }) => (typeof spec.access === 'object' && 'action' in spec.access ? spec.access.action : [])); // prettier-ignore
  expect([...new Set([...asked, ...ASKED_INSIDE])].sort()).toEqual(Object.keys(ACTIONS).sort());
});

test('public endpoints are these and no others', () => {
  const open = endpoints.filter(({ spec }) => !guarded.some((other) => other.spec === spec)).map(({ name }) => name);
  expect(open.sort()).toEqual([
    'auth.login',
    'auth.logout',
    'health.live',
    'health.ready',
    'invitations.preview',
    'maintenance.get',
    'storage.read',
    'storage.write',
  ]);
});

test.each(guarded)('$name answers 401 to somebody who is not signed in', async ({ spec }) => {
  const answer = await callEndpoint(api, spec, null, ids);
  expect({ status: answer.status, code: answer.body.error?.code }).toEqual({ status: 401, code: 'unauthorized' });
});

for (const { name, spec } of bySystemRole) {
  test(`${name} is for administrators of the installation`, async () => {
    const answer = await callEndpoint(api, spec, api.owner, ids);
    expect({ status: answer.status, code: answer.body.error?.code }).toEqual({ status: 403, code: 'forbidden' });
  });
}

test.each(byRole)('$name answers a stranger as if nothing were there', async ({ spec }) => {
  const answer = await callEndpoint(api, spec, api.stranger, ids);
  expect({ status: answer.status, code: answer.body.error?.code }).toEqual({ status: 404, code: 'not_found' });
  const missing = await callEndpoint(
    api,
    spec,
    api.stranger,
    Object.fromEntries(Object.keys(ids).map((key) => [key, 999_999])),
  );
  const withoutIds = (text: string) => text.replace(/\d+/gu, 'N').replace(/"request_id":"[^"]*"/u, '');
  expect(withoutIds(missing.text)).toBe(withoutIds(answer.text));
});

test.each(byRole)('$name lets in the weakest role the table allows, and none below', async ({ spec }) => {
  if (typeof spec.access !== 'object' || !('action' in spec.access)) throw new Error('not a guarded endpoint');
  const { action } = spec.access;
  const allowed = ACTIONS[action];
  for (const refused of ROLES.slice(0, ROLES.indexOf(allowed))) {
    const answer = await callEndpoint(api, spec, members[refused], ids);
    expect({ role: refused, status: answer.status, code: answer.body.error?.code }).toEqual({
      role: refused,
      status: 403,
      code: 'forbidden',
    });
    expect(can(refused, action)).toBe(false);
  }
  // The table is a ladder: whoever is above may as well.
  const answer = await callEndpoint(api, spec, members[allowed], ids);
  expect({ role: allowed, refused: [401, 403, 404].includes(answer.status) ? answer.text : null }).toEqual({
    role: allowed,
    refused: null,
  });
});
