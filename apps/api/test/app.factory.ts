import { mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { LabelerDb, NewPerson, UserDb } from '@labelyard/db';
import { createTestDatabases, findFreePort } from '@labelyard/db/testing';
import { type Role } from '@labelyard/domain';
import type { Storage } from '@labelyard/storage';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import argon2 from '@node-rs/argon2';
import supertest from 'supertest';
import { AuditTrail } from '../src/audit/audit-trail.js';
import { Tokens } from '../src/auth/tokens.js';
import { STORAGE } from '../src/connections.js';
import { readEnv, type Env } from '../src/env.js';
import { stopGracefully } from '../src/http/graceful-stop.js';
import { createLog } from '../src/http/log.js';
import { createServer } from '../src/http/server.js';
import { REPLICAS } from './env.js';
import { RoundRobin } from './round-robin.js';
import type { TcpSwitch } from './tcp-switch.js';

export const PASSWORD = 'correct horse battery staple';
export const JWT_SECRET = 'test-only-4f9c1b7e2a8d3605-test-only';
export const WEB_ORIGIN = 'http://web.test:3010';

export interface TestPerson {
  readonly id: string;
  readonly email: string;
  /** A bearer token, signed as a login signs it. */
  readonly token: string;
}

export interface TestAppOptions {
  /** Variables of the API that differ from the test's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Receives what the API logs, one parsed line each; nothing is logged otherwise. */
  readonly logged?: Record<string, unknown>[];
  /** Where the API connects instead, for tests that cut the line. */
  readonly through?: { readonly labeler: TcpSwitch; readonly user: TcpSwitch };
  /** API replicas behind a load balancer; one without it unless `TEST_REPLICAS` says otherwise. */
  readonly replicas?: number;
}

export interface TestApp extends AsyncDisposable {
  /** The first replica, for what can be seen from inside alone. */
  readonly app: NestFastifyApplication;
  /** Where it listens, or its load balancer; signed URLs of the storage begin with it. */
  readonly url: string;
  /** Where each replica listens by itself. */
  readonly urls: readonly string[];
  readonly env: Env;
  readonly db: LabelerDb;
  readonly users: UserDb;
  readonly storage: Storage;
  /** Each replica's own, for tests that come in between. */
  readonly storages: readonly Storage[];
  readonly databaseUrls: { readonly labeler: string; readonly user: string };
  /** `owner` and `stranger` are always there; `newPerson` makes more. */
  readonly owner: TestPerson;
  readonly stranger: TestPerson;
  newPerson(values?: Partial<NewPerson> & { password?: string }): Promise<TestPerson>;
  /** A supertest agent; with a person it carries their token. */
  as(person: TestPerson | null): ReturnType<typeof supertest.agent>;
  /** A dataset of the owner, made through the API. */
  newDataset(values?: object, owner?: TestPerson): Promise<{ id: number; project_id: number; name: string }>;
  /** A new person with this role in the project. */
  newMember(project_id: number, role: Role): Promise<TestPerson>;
  /** Has a job that waits, for its time or to be tried again, run now. `key` as its task makes it. */
  runNow(key: string): Promise<void>;
  /** Everything that was refused so far stands in the audit log. */
  auditSettled(): Promise<void>;
  close(): Promise<void>;
}

const GRACE_MS = 2_000;

/** Each request is a connection of its own, so that the load balancer may send it to another replica. */
const scattered = new Agent({ keepAlive: false });

/**
 * The whole API as it runs in production, listening on a port of its own, over two fresh databases and a storage folder
 * that vanish with it. People sign in as people do: no guard is bypassed. Background jobs run.
 */
export async function createTestApp({
  env: variables = {},
  logged,
  through,
  replicas = REPLICAS,
}: TestAppOptions = {}): Promise<TestApp> {
  const databases = await createTestDatabases();
  const folder = await mkdtemp(join(tmpdir(), 'labelyard-test-'));
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const env = readEnv({
    ENVIRONMENT: 'test',
    LOG_LEVEL: logged ? 'debug' : 'silent',
    LABELER_DB_URL: (await through?.labeler.before(databases.labelerUrl)) ?? databases.labelerUrl,
    USER_DB_URL: (await through?.user.before(databases.userUrl)) ?? databases.userUrl,
    DB_SSL: 'disable',
    STORAGE_DRIVER: 'disk',
    DISK_ROOT: folder,
    DISK_PUBLIC_URL: url,
    JWT_SECRET,
    CORS_ORIGINS: WEB_ORIGIN,
    RATE_LIMIT_ENABLED: 'false',
    SHUTDOWN_GRACE_SECONDS: '1',
    ...variables,
  });
  const discard = async () => {
    await databases.close();
    await rm(folder, { recursive: true, force: true });
  };
  const start = async (at: number): Promise<NestFastifyApplication> => {
    const started = await createServer(env, createLog(env, logged && collector(logged)));
    await started.listen({ port: at, host: '127.0.0.1' });
    return started;
  };
  const ports = replicas === 1 ? [port] : await Promise.all(Array.from({ length: replicas }, findFreePort));
  const apps: NestFastifyApplication[] = [];
  try {
    for (const at of ports) apps.push(await start(at));
  } catch (error) {
    await Promise.all(apps.map((started) => started.close()));
    await discard();
    throw error;
  }
  const [app] = apps as [NestFastifyApplication];
  const balancer = replicas === 1 ? null : new RoundRobin(ports);
  await balancer?.listen(port);

  let count = 0;
  const newPerson: TestApp['newPerson'] = async ({ password = PASSWORD, ...values } = {}) => {
    count += 1;
    const [person] = await databases.users.users.upsertPeople([
      {
        email: `person-${count}@example.org`,
        full_name: `Person ${count}`,
        system_role: 'standard_engineer',
        hashed_password: await cheapHash(password),
        ...values,
      },
    ]);
    if (!person) throw new Error('No person was made');
    return { id: person.id, email: person.email, token: app.get(Tokens).sign(person.id).token };
  };
  const as: TestApp['as'] = (person) => {
    const agent = supertest.agent(url);
    if (balancer) agent.use((request: { agent(by: Agent): unknown }) => void request.agent(scattered));
    return person ? agent.set('authorization', `Bearer ${person.token}`) : agent;
  };
  const owner = await newPerson({ full_name: 'Olivia Owner', email: 'owner@example.org' });
  const stranger = await newPerson({ full_name: 'Sam Stranger', email: 'stranger@example.org' });
  const close = async () => {
    await balancer?.close();
    // As in production: a client may hold a connection on which it never asked anything.
    await Promise.all(apps.map((started) => stopGracefully(started, GRACE_MS)));
    await Promise.all([through?.labeler.cut(), through?.user.cut()]);
    await discard();
  };
  return {
    app,
    url,
    urls: ports.map((at) => `http://127.0.0.1:${at}`),
    env,
    db: databases.labeler,
    users: databases.users,
    storage: app.get<Storage>(STORAGE),
    storages: apps.map((one) => one.get<Storage>(STORAGE)),
    databaseUrls: { labeler: databases.labelerUrl, user: databases.userUrl },
    owner,
    stranger,
    newPerson,
    as,
    async newDataset(values = {}, by = owner) {
      const answer = await as(by)
        .post('/api/v1/datasets')
        .send({
          name: `Dataset ${(count += 1)}`,
          task_types: ['detection', 'segmentation', 'classification'],
          ...values,
        });
      if (answer.status !== 201) throw new Error(`No dataset was made: ${answer.text}`);
      return answer.body as { id: number; project_id: number; name: string };
    },
    async newMember(project_id, role) {
      const person = await newPerson();
      await databases.labeler.projects.setMember({ project_id, user_id: person.id, role, granted_by: owner.id });
      return person;
    },
    async runNow(key) {
      const { sql } = databases.labeler;
      const moved = () =>
        sql.one(
          `select graphile_worker.reschedule_jobs(array[id], run_at := now()), pg_notify('jobs:insert', '{"count":1}')
            from graphile_worker.jobs where key = $1 and locked_at is null and run_at > now()`,
          [key],
        );
      // It may be running still, and only then wait.
      while (!(await moved())) await new Promise((resolve) => setImmediate(resolve));
    },
    async auditSettled() {
      await Promise.all(apps.map((one) => one.get(AuditTrail).settled()));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Real argon2, at a cost that does not slow a hundred tests down. */
export function cheapHash(password: string): Promise<string> {
  return argon2.hash(password, { memoryCost: 64, timeCost: 1, parallelism: 1 });
}

function collector(lines: Record<string, unknown>[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (const line of chunk.toString('utf8').split('\n').filter(Boolean))
        lines.push(JSON.parse(line) as Record<string, unknown>);
      done();
    },
  });
}
