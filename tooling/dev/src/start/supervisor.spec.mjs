// The real supervisor, relay and Postgres in a copy of the tooling, with tiny programs in place of API and web.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseEnv } from 'node:util';
import { ensureDatabases, findFreePort, isRunning } from '@labelyard/embedded-postgres';
import { refuseWhileServed } from '../bootstrap/served-build.mjs';

const TOOLING = join(import.meta.dirname, '..', '..');
const DATABASE = join(TOOLING, '..', 'embedded-postgres', 'src', 'index.mjs');

const API = `
  import { createServer } from 'node:http';
  import { withConnection } from ${JSON.stringify(DATABASE)};
  const rows = (client) => client.query('select count(*)::int as starts from starts');
  createServer(async (_request, response) => {
    try {
      const result = await withConnection(process.env.LABELER_DB_URL, rows);
      const { LOG_LEVEL: level } = process.env;
      response.end(JSON.stringify({ pid: process.pid, starts: result.rows[0].starts, level }));
    } catch {
      response.writeHead(503).end();
    }
  }).listen(process.env.PORT, process.env.HOST);
  process.on('SIGTERM', () => process.exit(0));`;
const MIGRATE = `
  import { withConnection } from ${JSON.stringify(DATABASE)};
  await withConnection(process.env.LABELER_DB_URL, async (client) => {
    await client.query('create table if not exists starts ()');
    await client.query('insert into starts default values');
  });`;
const WEB = `require('node:http').createServer((_request, response) => response.end('web')).listen(process.env.PORT, '127.0.0.1');`;
const RELAY = `
  const { superviseStart } = await import(process.argv[1]);
  process.exitCode = await superviseStart({ toolchain: { node: process.execPath, env: process.env }, mode: 'start' });`;

/** Walkable, so that root's Postgres account keeps its data in it. */
function temporaryFolder(parent, prefix) {
  const folder = mkdtempSync(join(parent, prefix));
  chmodSync(folder, 0o755);
  return folder;
}

let root = '';
let dataDir = '';
let ports = {};
let relays = [];

beforeAll(() => {
  root = temporaryFolder(tmpdir(), 'supervised repo-');
  const copy = join(root, 'tooling', 'dev');
  mkdirSync(copy, { recursive: true });
  cpSync(join(TOOLING, 'src'), join(copy, 'src'), { recursive: true });
  symlinkSync(join(TOOLING, 'node_modules'), join(copy, 'node_modules'));
  symlinkSync(join(TOOLING, '..', 'embedded-postgres'), join(root, 'tooling', 'embedded-postgres'));
  const files = {
    'apps/api/package.json': '{"type":"module","scripts":{"start":"node --enable-source-maps dist/main.js"}}',
    'apps/api/dist/main.js': API,
    'apps/api/dist/migrate.js': MIGRATE,
    'apps/web/package.json': '{}',
    'apps/web/node_modules/next/dist/bin/next': WEB,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }
});
beforeEach(async () => {
  dataDir = temporaryFolder(root, 'data-');
  ports = { api: await findFreePort(), web: await findFreePort() };
  relays = [];
});
afterEach(async () => {
  for (const relay of relays) await relay.stop();
  rmSync(join(root, '.env'), { force: true });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const environment = (env) => ({
  PATH: process.env.PATH,
  LABELYARD_DATA_DIR: dataDir,
  LABELYARD_DEMO: 'false',
  API_PORT: String(ports.api),
  WEB_PORT: String(ports.web),
  ...env,
});

/** Starts as `npm start` does, after installing and building. */
function start(env = {}) {
  const relayModule = join(root, 'tooling', 'dev', 'src', 'bootstrap', 'start-relay.mjs');
  const child = spawn(process.execPath, ['--input-type=module', '-e', RELAY, relayModule], {
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  let over = false;
  const ended = once(child, 'close').then(([code]) => {
    over = true;
    return code;
  });
  const relay = {
    pid: child.pid,
    output: () => output,
    ended,
    says: (words) =>
      until(() => {
        if (over && !output.includes(words)) throw new Error(`ended without saying "${words}":\n${output}`);
        return output.includes(words);
      }),
    stop: async (signal = 'SIGINT') => {
      if (child.exitCode === null) child.kill(signal);
      return ended;
    },
  };
  relays.push(relay);
  return relay;
}

/** Runs `labelyard.mjs restart`, after installing. */
async function restart(env = {}) {
  const child = spawn(process.execPath, [join(root, 'tooling', 'dev', 'src', 'start', 'restart.mjs')], {
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const [code] = await once(child, 'close');
  return { code, output };
}

const dotEnv = (values) =>
  writeFileSync(
    join(root, '.env'),
    Object.entries(values)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
const localEnv = () => parseEnv(readFileSync(join(dataDir, 'local.env'), 'utf8'));

async function until(condition) {
  while (!(await condition())) await delay(20);
}

const askApi = async () => {
  const response = await fetch(`http://localhost:${ports.api}/`).catch(() => undefined);
  return response?.ok ? response.json() : undefined;
};
const json = (name) => JSON.parse(readFileSync(join(dataDir, name), 'utf8'));
const servedBy = () => join(root, '.cache', 'served-by');
const supervisorPid = () => json('lock').pid;
const postgresPid = () => Number.parseInt(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10);
const allPids = () => [supervisorPid(), postgresPid(), ...json('processes.json').map(({ pid }) => pid)];

test('starts everything, stops everything, keeps the data', async () => {
  const first = start();
  await first.says('Labelyard is ready');
  expect((await askApi()).starts).toBe(1);
  expect(await (await fetch(`http://127.0.0.1:${ports.web}`)).text()).toBe('web');
  expect(() => refuseWhileServed({ folder: servedBy() })).toThrow(`(process ${supervisorPid()})`);
  const pids = allPids();
  expect(pids).toHaveLength(4);
  expect(await first.stop()).toBe(0);
  expect(first.output()).toContain('Your data is kept');
  expect(pids.filter(isRunning)).toEqual([]);
  expect(existsSync(join(dataDir, 'lock'))).toBe(false);
  expect(() => refuseWhileServed({ folder: servedBy() })).not.toThrow();

  const second = start();
  await second.says('Labelyard is ready');
  expect((await askApi()).starts).toBe(2);
});

test('a second start on the same data says where the first one is', async () => {
  const first = start();
  await first.says('Labelyard is ready');
  const second = start();
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain(`already running on this data folder (process ${supervisorPid()})`);
  expect(second.output()).toContain(`http://localhost:${ports.web}`);
  expect((await askApi()).starts).toBe(1);
});

test('killed parts come back while the rest stays up', async () => {
  const relay = start();
  await relay.says('Labelyard is ready');
  const { pid } = await askApi();
  process.kill(pid, 'SIGKILL');
  await relay.says('API is back');
  const after = await askApi();
  expect(after.pid).not.toBe(pid);

  process.kill(postgresPid(), 'SIGKILL');
  await relay.says('Postgres is back');
  expect(await askApi()).toMatchObject({ pid: after.pid, starts: 1 });
});

test.each(['SIGKILL', 'SIGHUP', 'SIGTERM'])(
  'the terminal’s side ending by %s takes everything down in order',
  async (signal) => {
    const relay = start();
    await relay.says('Labelyard is ready');
    const pids = allPids();
    await relay.stop(signal);
    await until(() => !pids.some(isRunning));
    expect(readFileSync(join(dataDir, 'logs', 'postgres.log'), 'utf8')).toContain('database system is shut down');
  },
);

test('stopped while it is still starting, it leaves nothing behind', async () => {
  const relay = start();
  await relay.says('Starting the database');
  expect(await relay.stop()).toBe(0);
  expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
  expect(existsSync(join(dataDir, 'lock'))).toBe(false);
  const next = start();
  await next.says('Labelyard is ready');
});

test('a killed supervisor leaves nothing behind', async () => {
  const relay = start();
  await relay.says('Labelyard is ready');
  const pids = allPids();
  process.kill(supervisorPid(), 'SIGKILL');
  expect(await relay.ended).toBe(1);
  expect(relay.output()).toContain('stopping what it left');
  expect(pids.filter(isRunning)).toEqual([]);
});

test('relay and supervisor killed at once: the next start carries on with the data', async () => {
  const relay = start();
  await relay.says('Labelyard is ready');
  process.kill(relay.pid, 'SIGKILL');
  process.kill(supervisorPid(), 'SIGKILL');
  await relay.ended;
  const next = start();
  await next.says('Labelyard is ready');
  expect((await askApi()).starts).toBe(2);
});

test('a taken port is named with its holder and its variable, and nothing stays behind', async () => {
  const server = createServer().listen(ports.web, '127.0.0.1');
  await once(server, 'listening');
  const relay = start();
  expect(await relay.ended).toBe(1);
  expect(relay.output()).toMatch(
    new RegExp(`Port ${ports.web} is taken by process ${process.pid} .*set WEB_PORT to a free port`),
  );
  expect(existsSync(join(dataDir, 'lock'))).toBe(false);
  server.close();
});

test('a part that cannot start fails the start with the end of its log; settings are checked first', async () => {
  const broken = start({ API_PORT: 'eighty' });
  expect(await broken.ended).toBe(1);
  expect(broken.output()).toContain('API_PORT: is "eighty"');

  const external = start({
    LABELER_DB_URL: 'postgres://nobody:x@127.0.0.1:1/none',
    USER_DB_URL: 'postgres://nobody:x@127.0.0.1:1/none',
  });
  expect(await external.ended).toBe(1);
  expect(external.output()).toMatch(/migration failed[\s\S]*ECONNREFUSED/);
  expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
});

test('a restart takes up what .env says now; the caller’s own variables still win over it', async () => {
  dotEnv({ LOG_LEVEL: 'warn', JWT_SECRET: 'from-the-file', WEB_PORT: '1' });
  const relay = start({ JWT_SECRET: 'from-the-caller' });
  await relay.says('Labelyard is ready');
  const first = await askApi();
  expect(first.level).toBe('warn');
  expect(statSync(join(dataDir, 'local.env')).mode & 0o777).toBe(0o600);
  expect(localEnv()).toMatchObject({
    LOG_LEVEL: 'warn',
    JWT_SECRET: 'from-the-caller',
    PORT: String(ports.api),
    LABELER_DB_URL: expect.stringContaining('labelyard_labeler'),
    USER_DB_MANAGED: 'true',
    DISK_ROOT: join(dataDir, 'storage'),
  });
  expect(localEnv()).not.toHaveProperty('PATH');
  expect(localEnv()).not.toHaveProperty('WEB_PORT');

  dotEnv({ LOG_LEVEL: 'debug' });
  expect(await restart()).toEqual({ code: 0, output: 'Restarted API and web; they use the embedded Postgres.\n' });
  const second = await askApi();
  expect(second).toMatchObject({ level: 'debug', starts: 2 });
  expect(second.pid).not.toBe(first.pid);
  expect(localEnv().LOG_LEVEL).toBe('debug');
});

test('moved to databases of one’s own and back, with the embedded ones kept and described', async () => {
  const relay = start();
  await relay.says('Labelyard is ready');
  const here = localEnv();
  const { database_superuser_password: password } = json('secrets.json');
  const admin = new URL(here.LABELER_DB_URL);
  Object.assign(admin, { username: 'postgres', password, pathname: '/postgres' });
  await ensureDatabases({
    url: admin.href,
    roles: [{ name: 'me', password: 'mine' }],
    databases: [{ name: 'my_labels', owner: 'me' }],
  });
  Object.assign(admin, { username: 'me', password: 'mine', pathname: '/my_labels' });
  const away = { LABELER_DB_URL: admin.href, USER_DB_URL: admin.href, STORAGE_DRIVER: 's3' };

  dotEnv({ ...away, LABELYARD_EMBEDDED_DATABASE: 'keep' });
  const moved = await restart();
  expect(moved.output).toContain('LABELER_DB_URL and USER_DB_URL name; the embedded Postgres is kept running');
  expect((await askApi()).starts).toBe(1);
  expect(localEnv()).toEqual(here);

  dotEnv({ ...away, LABELER_DB_URL: 'postgres://nobody:x@127.0.0.1:1/none' });
  const refused = await restart();
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('ECONNREFUSED') });
  expect((await askApi()).starts).toBe(1);

  dotEnv({ LABELYARD_DATA_DIR: '', API_PORT: '' });
  expect((await restart()).code).toBe(0);
  expect((await askApi()).starts).toBe(2);
});

test('a restart says why it cannot be', async () => {
  expect(await restart()).toMatchObject({
    code: 1,
    output: expect.stringContaining(`No Labelyard runs on ${dataDir}`),
  });
  const relay = start();
  await relay.says('Starting the database');
  expect((await restart()).output).toContain('still starting');
  await relay.says('Labelyard is ready');
  dotEnv({ LABELYARD_HOST: '0.0.0.0' });
  expect(await restart()).toMatchObject({ code: 1, output: expect.stringContaining('LABELYARD_HOST changed') });
  dotEnv({ 'LOG LEVEL': 'debug' });
  expect(await restart()).toMatchObject({ code: 1, output: expect.stringContaining('line 1: not NAME=value') });
});
