import { createTestApp, type TestApp } from './app.factory.js';

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp();
});
afterAll(() => api.close());

test('the process answers', async () => {
  const answer = await api.as(null).get('/health');
  expect({ status: answer.status, body: answer.body }).toEqual({
    status: 200,
    body: { status: 'ok', version: expect.any(String), environment: 'test' },
  });
});

test('what stands behind it answers, each by name', async () => {
  const answer = await api.as(null).get('/health/ready');
  expect(answer.body).toEqual({
    status: 'ok',
    version: expect.any(String),
    maintenance: null,
    checks: {
      labeler_db: { ok: true, ms: expect.any(Number) },
      user_db: { ok: true, ms: expect.any(Number) },
      storage: { ok: true, ms: expect.any(Number) },
      schema: { ok: true, ms: expect.any(Number) },
    },
  });
  expect(answer.status).toBe(200);
});
