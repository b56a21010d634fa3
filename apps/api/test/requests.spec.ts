import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createTestApp, WEB_ORIGIN, type TestApp } from './app.factory.js';

let api: TestApp;
let logged: Record<string, unknown>[];
beforeAll(async () => {
  logged = [];
  // One process: an answer given before a body is whole does not always come through a load balancer of bytes.
  api = await createTestApp({ env: { MAX_JSON_MB: '1' }, logged, replicas: 1 });
});
afterAll(() => api.close());

const DATASETS = '/api/v1/datasets';
const BODY = { name: 'Streets', task_types: ['detection'] };

/** Sends exactly these bytes as the body. */
function post(bytes: string | Buffer, type = 'application/json', path = DATASETS) {
  return fetch(api.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.owner.token}`, ...(type && { 'content-type': type }) },
    body: typeof bytes === 'string' ? bytes : new Uint8Array(bytes),
  });
}

async function outcome(response: Response) {
  const body = (await response.json()) as {
    error?: { code: string; message: string; details?: unknown; request_id: string };
  };
  return {
    status: response.status,
    code: body.error?.code,
    message: body.error?.message,
    details: body.error?.details,
  };
}

describe('bodies', () => {
  test.each([
    ['cut off', '{"name":"a"'],
    ['not JSON', 'name=a'],
    ['with a comment', '{"name":"a" /* */}'],
    ['NaN', '{"name":NaN}'],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ['UTF-16', Buffer.from(JSON.stringify(BODY), 'utf16le')],
    ['gzip', gzipSync(JSON.stringify(BODY))],
    ['a prototype', '{"name":"a","task_types":["detection"],"__proto__":{"role":"owner"}}'],
    ['a constructor’s prototype', '{"constructor":{"prototype":{"role":"owner"}}}'],
  ])('%s is malformed', async (_name, bytes) => {
    expect(await outcome(await post(bytes))).toMatchObject({
      status: 422,
      code: 'validation_failed',
      details: [{ in: 'body', code: 'malformed' }],
    });
  });

  test.each([
    ['nothing', '', 'body', ''],
    ['null', 'null', 'body', ''],
    ['a list', '[]', 'body', ''],
    ['a text', '"hello"', 'body', ''],
    ['an empty name', JSON.stringify({ ...BODY, name: ' \u200b'.slice(0, 1) }), 'body', 'name'],
    ['a long name', JSON.stringify({ ...BODY, name: 'x'.repeat(201) }), 'body', 'name'],
    ['a name with a line feed control', JSON.stringify({ ...BODY, name: 'a\u0007b' }), 'body', 'name'],
    ['NUL', JSON.stringify({ ...BODY, description: 'a\u0000b' }), 'body', 'description'],
    ['half a surrogate pair', '{"name":"\\ud83d","task_types":["detection"]}', 'body', 'name'],
    ['an unknown field', JSON.stringify({ ...BODY, owner_id: '1' }), 'body', 'owner_id'],
    ['an unknown task type', JSON.stringify({ ...BODY, task_types: ['detection', 'magic'] }), 'body', 'task_types.1'],
    ['no task type', JSON.stringify({ ...BODY, task_types: [] }), 'body', 'task_types'],
  ])('%s is refused with the field it is about', async (_name, text, part, path) => {
    const answer = await outcome(await post(text));
    expect(answer).toMatchObject({ status: 422, code: 'validation_failed' });
    expect(answer.details).toEqual([expect.objectContaining({ in: part, path })]);
  });

  test('all problems of a request are told at once', async () => {
    const answer = await outcome(
      await post(JSON.stringify({ name: 7, task_types: 'detection', visibility: 'all', x: 1 })),
    );
    const paths = new Set((answer.details as { path: string }[]).map(({ path }) => path));
    expect([...paths].sort()).toEqual(['name', 'task_types', 'visibility', 'x']);
  });

  test('thousands of problems are not all repeated', async () => {
    const { project_id } = await api.newDataset();
    const body = { task_type: 'detection', class_ids: Array.from({ length: 3_000 }, () => 'nonsense') };
    const path = `/api/v1/projects/${project_id}/classes/reorder`;
    const answer = await outcome(await post(JSON.stringify(body), 'application/json', path));
    expect(answer.details).toHaveLength(100);
  });

  test('a byte order mark is not part of the JSON', async () => {
    expect((await post(`\uFEFF${JSON.stringify(BODY)}`)).status).toBe(201);
  });

  test('text that only looks like an escape is left alone', async () => {
    const response = await post(JSON.stringify({ ...BODY, description: 'C:\\u0000 and \\ud800' }));
    expect(response.status).toBe(201);
    expect(((await response.json()) as { description: string }).description).toBe('C:\\u0000 and \\ud800');
  });

  test('names are kept in NFC, whatever form they come in', async () => {
    const response = await post(JSON.stringify({ ...BODY, name: '  Stra\u0301ße 도로 🚗  ' }));
    expect(((await response.json()) as { name: string }).name).toBe('Stráße 도로 🚗');
  });

  test.each([
    ['application/x-www-form-urlencoded', 'name=a'],
    ['text/plain', JSON.stringify(BODY)],
    ['multipart/form-data; boundary=x', '--x--'],
    ['application/xml', '<a/>'],
    ['application/jsonx', '{}'],
    ['nonsense', '{}'],
  ])('the type %s is 415', async (type, text) => {
    expect(await outcome(await post(text, type))).toMatchObject({ status: 415, code: 'unsupported_media_type' });
  });

  test('more than the limit is 413, announced or not', async () => {
    const large = JSON.stringify({ ...BODY, description: 'x'.repeat(1_100_000) });
    expect(await outcome(await post(large))).toMatchObject({
      status: 413,
      code: 'payload_too_large',
      details: { max_bytes: 1_048_576 },
    });
    const streamed = await fetch(api.url + DATASETS, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.owner.token}`, 'content-type': 'application/json' },
      body: new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode(large));
          controller.close();
        },
      }),
      duplex: 'half',
    });
    expect(await outcome(streamed)).toMatchObject({ status: 413, code: 'payload_too_large' });
  });

  test('nobody who is not signed in can make the server read a large body', async () => {
    const large = JSON.stringify({ email: 'a@b.c', password: 'x'.repeat(100_000) });
    expect((await post(large, 'application/json', '/api/v1/auth/login')).status).toBe(413);
    const unknown = await fetch(api.url + DATASETS, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: large,
    });
    expect(unknown.status).toBe(401);
  });

  test('deep nesting neither crashes nor hangs', async () => {
    const deep = `{"name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect((await post(deep)).status).toBe(422);
    // Where anything may stand, it stops being stored, or even written out, long before it stops being read.
    const { project_id } = await api.newDataset();
    for (const depth of [100, 5_000, 100_000]) {
      const attributes = `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
      const text = `{"task_type":"detection","name":"deep","attributes":${attributes}}`;
      const answer = await outcome(await post(text, 'application/json', `/api/v1/projects/${project_id}/classes`));
      expect(answer).toMatchObject({ status: 422, details: [{ in: 'body', code: 'malformed' }] });
    }
  });
});

describe('paths and queries', () => {
  const get = (path: string) =>
    fetch(api.url + path, { headers: { authorization: `Bearer ${api.owner.token}` } }).then(outcome);

  test.each([
    ['/api/v1/datasets/abc'],
    ['/api/v1/datasets/0'],
    ['/api/v1/datasets/-1'],
    ['/api/v1/datasets/1.5'],
    ['/api/v1/datasets/1e400'],
    ['/api/v1/datasets/9007199254740993'],
    ['/api/v1/datasets/1;drop table datasets'],
    ['/api/v1/datasets/%00'],
    ['/api/v1/datasets?limit=0'],
    ['/api/v1/datasets?limit=501'],
    ['/api/v1/datasets?limit=1&limit=2'],
    ['/api/v1/datasets?q=%00'],
    ['/api/v1/datasets?cursor=nonsense'],
    [`/api/v1/datasets?cursor=${'x'.repeat(3_000)}`],
    ['/api/v1/exports'],
    ['/%E0%A4%A'],
  ])('%s is 422', async (path) => {
    expect(await get(path)).toMatchObject({ status: 422, code: 'validation_failed' });
  });

  test.each([
    ['audit', ['audit', 'a time', 1]],
    ['permissions', ['members', 1, 'a time', 'x']],
    ['images?sort=uploaded_at', ['images:uploaded_at', 'a time', 1]],
  ])('a made-up cursor of %s is 422', async (path, keys) => {
    const { project_id } = await api.newDataset();
    const cursor = Buffer.from(JSON.stringify(keys)).toString('base64url');
    const { pathname, searchParams } = new URL(path, `${api.url}/api/v1/projects/${project_id}/`);
    searchParams.set('cursor', cursor);
    expect(await get(`${pathname}?${searchParams.toString()}`)).toMatchObject({
      status: 422,
      code: 'validation_failed',
    });
  });

  test.each([['0000-01-01T00:00:00Z'], ['0001-01-01T00:00:00+12:00'], ['9999-12-31T23:59:59-12:00']])(
    'the time %s, which the database cannot keep or tell, is 422',
    async (time) => {
      const { project_id } = await api.newDataset();
      const project = `/api/v1/projects/${project_id}`;
      const query = encodeURIComponent(time);
      for (const path of [
        `audit?since=${query}`,
        `history?until=${query}`,
        `restores/preview?user_id=1&since=${query}`,
      ])
        expect(await get(`${project}/${path}`)).toMatchObject({ status: 422, code: 'validation_failed' });
      const split = JSON.stringify({ task_type: 'detection', name: 'x', due_at: time });
      const answer = await outcome(await post(split, 'application/json', `${project}/tasks`));
      expect(answer).toMatchObject({ status: 422, details: [{ in: 'body', path: 'due_at' }] });
      expect((await get(`${project}/tasks`)).status).toBe(200);
    },
  );

  test.each([
    ['/'],
    ['/api/v1'],
    ['/api/v1/nothing'],
    ['/api/v1/datasets/'],
    ['/API/v1/datasets'],
    ['/../etc/passwd'],
    ['//'],
    ['/api/v1/projects//images'],
  ])('%s is 404 in our words', async (path) => {
    expect(await get(path)).toMatchObject({
      status: 404,
      code: 'not_found',
      message: expect.stringContaining('There is nothing at'),
    });
  });

  test('another method is told what is possible', async () => {
    const response = await fetch(api.url + DATASETS, {
      method: 'PUT',
      headers: { authorization: `Bearer ${api.owner.token}` },
    });
    expect(await outcome(response)).toEqual({
      status: 404,
      code: 'not_found',
      message: 'PUT is not possible here; GET, POST is',
      details: { allowed: ['GET', 'POST'] },
    });
  });

  test('what is not HTTP gets an answer and an end', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(api.url);
      const socket = connect(Number(port), hostname, () => socket.write('\x16\x03\x01 hello\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /u);
  });
});

describe('answers', () => {
  test('carry the security headers and tell no cache to keep errors', async () => {
    const response = await fetch(`${api.url}/api/v1/auth/me`);
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-site',
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
      vary: expect.stringContaining('Origin'),
    });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('etag');
    expect(headers).not.toHaveProperty('strict-transport-security');
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });

  test('carry the request’s id: the caller’s when it is one, else a new one', async () => {
    const ask = async (id: string) => {
      const response = await fetch(`${api.url}/api/v1/auth/me`, { headers: { 'x-request-id': id } });
      const { error } = (await response.json()) as { error: { request_id: string } };
      expect(response.headers.get('x-request-id')).toBe(error.request_id);
      return error.request_id;
    };
    expect(await ask('trace-0123456789')).toBe('trace-0123456789');
    for (const bad of ['short', 'with "quotes" and spaces', '<script>alert(1)</script>', 'x'.repeat(500)])
      expect(await ask(bad)).toMatch(/^[0-9a-f-]{36}$/u);
  });

  test('are one line in the log, without what must not stand there', async () => {
    logged.length = 0;
    await api
      .as(api.owner)
      .get('/api/v1/datasets')
      .query({ q: 'secret-in-query' })
      .set('x-request-id', 'log-line-0001');
    await api.as(null).post('/api/v1/auth/login').send({ email: api.owner.email, password: 'typed-by-mistake' });
    const line = logged.find((entry) => entry.request_id === 'log-line-0001');
    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/Z$/u),
      message: 'request',
      request_id: 'log-line-0001',
      method: 'GET',
      path: '/api/v1/datasets',
      route: 'datasets.list',
      status: 200,
      ms: expect.any(Number),
      user_id: api.owner.id,
      ip: expect.any(String),
    });
    const all = JSON.stringify(logged);
    for (const secret of ['secret-in-query', 'typed-by-mistake', api.owner.token]) expect(all).not.toContain(secret);
  });

  test('the link of an invitation does not stand in the log', async () => {
    logged.length = 0;
    const token = 'T'.repeat(43);
    await api.as(null).get(`/api/v1/invitations/by_token/${token}`).set('x-request-id', 'log-line-0002').expect(404);
    const line = logged.find((entry) => entry.request_id === 'log-line-0002');
    expect(line).toMatchObject({ path: '/api/v1/invitations/by_token/{token}', route: 'invitations.preview' });
    expect(JSON.stringify(logged)).not.toContain(token);
  });
});

describe('other origins', () => {
  const preflight = (origin: string, method: string, path = '/api/v1/storage/datasets/1/images/a.png') =>
    fetch(api.url + path, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': 'content-type' },
    });

  test('the web app may upload to the storage route and read what it answers', async () => {
    const response = await preflight(WEB_ORIGIN, 'PUT');
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': WEB_ORIGIN,
      'access-control-allow-methods': expect.stringContaining('PUT'),
      'access-control-allow-headers': expect.stringContaining('content-type'),
      vary: expect.stringContaining('Origin'),
    });
  });

  test.each([['https://evil.example'], [`${WEB_ORIGIN}.evil.example`], ['null'], ['*']])(
    '%s may not',
    async (origin) => {
      const response = await preflight(origin, 'PUT');
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
      const read = await fetch(`${api.url}/health`, { headers: { origin } });
      expect(read.headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  test('errors can be read by the web app as well', async () => {
    const response = await fetch(`${api.url}/api/v1/auth/me`, { headers: { origin: WEB_ORIGIN } });
    expect(response.status).toBe(401);
    expect(response.headers.get('access-control-allow-origin')).toBe(WEB_ORIGIN);
  });
});
