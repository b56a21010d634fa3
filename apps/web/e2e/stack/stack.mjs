// @ts-check
// The whole product as it runs in production, on free loopback ports and in a temporary folder.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '@labelyard/embedded-postgres';
import { openApis } from './apis.mjs';
import { startControl } from './control.mjs';
import { openObjectStorage } from './object-storage.mjs';
import { Postgres } from './postgres.mjs';
import { Program, runProgram } from './program.mjs';

const WEB = join(import.meta.dirname, '..', '..');
const API = join(WEB, '..', 'api');
const HOST = '127.0.0.1';

/** The password of everybody here; the people exist only in the database of one run. */
export const PASSWORD = 'correct horse battery staple';

/** @type {{ email: string, full_name: string, system_role: string }[]} */
export const PEOPLE = [
  { email: 'olga.owner@e2e.test', full_name: 'Olga Owner', system_role: 'admin' },
  { email: 'jiwoo@e2e.test', full_name: '김지우', system_role: 'standard_engineer' },
];

/**
 * @typedef {object} Stack
 * @property {string} webUrl
 * @property {string} apiUrl
 * @property {string} controlUrl
 * @property {string} databaseUrl of the labeler's database, for what no program makes in a moment
 * @property {string} storage what the objects lie in
 * @property {() => Promise<void>} stop
 */

/**
 * @param {{ storage: 'disk' | 's3', replicas: number, logDir: string, env: NodeJS.ProcessEnv, say: (line: string) => void }} options
 *   `replicas`: API processes, behind a load balancer when more than one; logs of the programs are kept in `logDir`
 * @returns {Promise<Stack>}
 */
export async function startStack({ storage: kind, replicas, logDir, env, say }) {
  const missing = [join(API, 'dist', 'main.js'), join(WEB, '.next', 'BUILD_ID')].filter((file) => !existsSync(file));
  if (missing.length > 0) throw new Error(`Not built yet: run \`pnpm build\` first. Missing: ${missing.join(', ')}`);

  const dir = mkdtempSync(join(tmpdir(), 'labelyard-e2e-'));
  // Root starts Postgres as another user, who has to get through.
  chmodSync(dir, 0o711);
  /** @type {(() => Promise<unknown>)[]} */
  const undo = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const dataDir = join(dir, 'postgres');
    undo.push(startKeeper(dir, dataDir));
    const postgres = new Postgres({ dataDir, log: say });
    const [apiPort, webPort] = [await findFreePort(), await findFreePort()];
    const [apiUrl, webUrl] = [`http://${HOST}:${apiPort}`, `http://${HOST}:${webPort}`];
    undo.push(() => postgres.stop());
    const [, objects] = await Promise.all([
      postgres.start(),
      openObjectStorage({ kind, dir: join(dir, 'objects'), apiUrl, webUrl }),
    ]);
    undo.push(() => objects.stop());

    const base = inherited(env);
    const apiEnv = {
      ...base,
      ...postgres.urls,
      ...objects.env,
      USER_DB_MANAGED: 'true',
      HOST,
      JWT_SECRET: 'e2e: signs the sessions of one test run only',
      CORS_ORIGINS: webUrl,
      // An answer that its schema does not describe fails the journey instead of passing unseen.
      CHECK_RESPONSES: 'true',
      // Many journeys sign in as the same person within minutes.
      RATE_LIMIT_LOGIN_ACCOUNT: '1000',
      RATE_LIMIT_LOGIN_IP: '1000',
      SHUTDOWN_GRACE_SECONDS: '5',
    };
    const program = { cwd: API, env: { ...apiEnv, PORT: String(apiPort) }, logFile: join(logDir, 'api.log') };
    await runProgram({ ...program, name: 'migration', args: [join(API, 'dist', 'migrate.js')] });
    await runProgram({
      ...program,
      name: 'making of people',
      args: [join(API, 'dist', 'people.js')],
      input: PEOPLE.map((person) => `${JSON.stringify({ ...person, password: PASSWORD })}\n`).join(''),
    });

    const apis = await openApis({ dir: API, env: apiEnv, host: HOST, port: apiPort, replicas, logDir });
    undo.push(() => apis.close());
    const next = createRequire(join(WEB, 'package.json')).resolve('next/dist/bin/next');
    const web = new Program({
      name: 'web server',
      args: [next, 'start', '--port', String(webPort), '--hostname', HOST],
      cwd: WEB,
      env: {
        ...base,
        PORT: String(webPort),
        API_URL: apiUrl,
        NEXT_PUBLIC_API_URL: apiUrl,
        ...(objects.env.S3_ENDPOINT && { S3_ENDPOINT: objects.env.S3_ENDPOINT }),
      },
      logFile: join(logDir, 'web.log'),
      readyUrl: `${webUrl}/login`,
    });
    const programs = { ...apis.programs, web };
    for (const one of Object.values(programs)) undo.push(() => one.stop());
    await Promise.all(Object.values(programs).map((one) => one.start()));
    const control = await startControl({ ...programs, postgres });
    undo.push(() => control.stop());
    const databaseUrl = postgres.urls.LABELER_DB_URL;
    return { webUrl, apiUrl, controlUrl: control.url, databaseUrl, storage: objects.says, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Nothing of this machine's settings but what programs cannot do without.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
function inherited(env) {
  const names = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SYSTEMROOT'];
  const kept = names.flatMap((name) => (env[name] ? [/** @type {const} */ ([name, env[name]])] : []));
  return {
    ...Object.fromEntries(kept),
    NODE_ENV: 'production',
    ENVIRONMENT: 'test',
    NEXT_TELEMETRY_DISABLED: '1',
  };
}

/**
 * Cleans up even when this process is killed. @returns how to let it do so now
 *
 * @param {string} dir
 * @param {string} dataDir
 */
function startKeeper(dir, dataDir) {
  const keeper = spawn(process.execPath, [join(import.meta.dirname, 'keeper.mjs'), dir, dataDir], {
    stdio: ['pipe', 'inherit', 'inherit'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const ended = once(keeper, 'exit');
  return async () => {
    keeper.stdin.end();
    await ended;
  };
}
