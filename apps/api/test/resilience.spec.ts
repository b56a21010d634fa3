import { once } from 'node:events';
import { connect } from 'node:net';
import { stopGracefully } from '../src/http/graceful-stop.js';
import { createTestApp, type TestApp } from './app.factory.js';
import { TcpSwitch } from './tcp-switch.js';
import { until } from './until.js';

describe('a database that restarts', () => {
  const labeler = new TcpSwitch();
  const user = new TcpSwitch();
  let api: TestApp;
  beforeAll(async () => {
    // One process: the line to its databases is cut.
    api = await createTestApp({ through: { labeler, user }, replicas: 1 });
  });
  afterAll(() => api.close());

  const list = () => api.as(api.owner).get('/api/v1/datasets');
  const ready = () => api.as(null).get('/health/ready');

  test('is 503 with a time to come back, and then goes on without a restart', async () => {
    expect((await list()).status).toBe(200);
    await labeler.cut();
    const answer = await list();
    expect({ status: answer.status, code: answer.body.error.code }).toEqual({
      status: 503,
      code: 'database_unavailable',
    });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect((await api.as(null).get('/health')).status).toBe(200);
    const failing = await until(ready, ({ status }) => status === 503);
    expect(failing.body).toMatchObject({
      status: 'failing',
      checks: { labeler_db: { ok: false }, schema: { ok: false }, user_db: { ok: true } },
    });
    await labeler.mend();
    expect((await until(list, ({ status }) => status === 200)).status).toBe(200);
    expect((await until(ready, ({ status }) => status === 200)).body.status).toBe('ok');
  });

  test('loses nothing that was acknowledged', async () => {
    const acknowledged: number[] = [];
    let going = true;
    const writer = async () => {
      while (going) {
        const answer = await api
          .as(api.owner)
          .post('/api/v1/datasets')
          .send({ name: 'Storm', task_types: ['detection'] })
          .catch(() => null);
        if (answer?.status === 201) acknowledged.push(answer.body.id);
        else expect(answer?.body.error.code).toBe('database_unavailable');
      }
    };
    const writers = Promise.all(Array.from({ length: 4 }, writer));
    for (let n = 0; n < 3; n += 1) {
      const before = acknowledged.length;
      await until(
        async () => acknowledged.length,
        (count) => count > before + 3,
      );
      await labeler.cut();
      await labeler.mend();
    }
    going = false;
    await writers;
    const rows = await api.db.sql.rows<{ id: number }>(`select id from datasets where name = 'Storm'`);
    const kept = new Set(rows.map(({ id }) => id));
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(9);
  });

  test('of people: those known a moment ago go on, others are told to wait', async () => {
    const known = await api.newPerson();
    const unknown = await api.newPerson();
    await api.as(known).get('/api/v1/auth/me').expect(200);
    await user.cut();
    expect((await api.as(known).get('/api/v1/auth/me')).status).toBe(200);
    const answer = await api.as(unknown).get('/api/v1/auth/me');
    expect({ status: answer.status, code: answer.body.error.code }).toEqual({
      status: 503,
      code: 'database_unavailable',
    });
    const login = await api.as(null).post('/api/v1/auth/login').send({ email: known.email, password: 'x' });
    expect(login.status).toBe(503);
    await user.mend();
    expect(
      (
        await until(
          () =>
            api
              .as(unknown)
              .get('/api/v1/auth/me')
              .then((got) => got),
          ({ status }) => status === 200,
        )
      ).status,
    ).toBe(200);
  });
});

describe('stopping', () => {
  test('finishes what was begun, takes nothing new and leaves no connection', async () => {
    // One process: it is stopped in the middle of work.
    const api = await createTestApp({ replicas: 1 });
    const { hostname, port } = new URL(api.url);
    const body = JSON.stringify({ name: 'Last words', task_types: ['detection'] });
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.write(
      `POST /api/v1/datasets HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${api.owner.token}\r\n` +
        `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body.slice(0, 10)}`,
    );
    // The server has the request once a later one on another connection was answered.
    await api.as(null).get('/health').expect(200);
    const stopping = stopGracefully(api.app, 5_000);
    await expect(fetch(`${api.url}/health`)).rejects.toThrow();
    socket.write(body.slice(10));
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 201 /u);
    expect(answer.toLowerCase()).toContain('connection: close');
    await stopping;
    const row = await api.db.sql.one<{ n: number }>(
      `select count(*)::int as n from datasets where name = 'Last words'`,
    );
    expect(row?.n).toBe(1);
    // Fails when a pool of the stopped API still holds a connection.
    await api.close();
  });

  test('cuts off what does not end in time', async () => {
    // One process: it is stopped in the middle of work.
    const api = await createTestApp({ replicas: 1 });
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      'POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{',
    );
    socket.on('error', () => undefined);
    await api.as(null).get('/health').expect(200);
    await Promise.all([once(socket, 'close'), stopGracefully(api.app, 50)]);
    await api.close();
  });
});
