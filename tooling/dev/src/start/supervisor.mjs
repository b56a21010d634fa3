// Runs everything of a local start and takes it down again in order: `node supervisor.mjs start|dev|sweep`.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { acquireFileLock, FileLockHeld, isPortFree, portTaken, stopCluster } from '@labelyard/embedded-postgres';
import { serveBuild } from '../bootstrap/served-build.mjs';
import { ROOT } from '../bootstrap/workspace-paths.mjs';
import { DEMO_MARK } from '../demo/demo-people.mjs';
import { announce, describeDatabases, explainRunning } from './announce.mjs';
import { openEmbeddedDatabase } from './embedded-database.mjs';
import { endLeftovers } from './leftovers.mjs';
import { createParts } from './parts.mjs';
import { answerRestarts } from './restart-requests.mjs';
import { loadSecrets } from './secrets.mjs';
import { Service } from './service.mjs';
import { readSettings, refuseFixedChanges } from './settings.mjs';
import { localEnvironment, readStartEnvironment, writeLocalEnvironment } from './start-environment.mjs';
import { watchSources } from './watch-sources.mjs';

const mode = process.argv[2] === 'dev' ? 'dev' : 'start';
const began = Date.now();
const stopRequest = new AbortController();

/** @typedef {{ name: string, stop: (options?: { graceMs?: number }) => Promise<void> }} Part */

/** What is up. @type {Part[]} */
const running = [];

/** Nobody loses what it stands on: pages before the API, the API before its database. */
const STOP_ORDER = ['compiler', 'web', 'API', 'Postgres', 'build', 'lock'];

/** @param {string} line */
function say(line) {
  console.log(`  ${line}`);
}

/** What this start was told last, and what it has; a restart asks again. @type {Told} */
let told;
/** @type {import('./embedded-database.mjs').EmbeddedDatabase | undefined} */
let embedded;
/** @typedef {{ environment: import('./child-environment.mjs').Environment, settings: import('./settings.mjs').Settings }} Told */

/** @returns {Told} */
function ask() {
  const environment = readStartEnvironment(process.env, ROOT);
  return { environment, settings: readSettings(environment, ROOT) };
}

async function start() {
  told = ask();
  const { settings } = told;
  const { dataDir } = settings;
  const lock = await takeDataFolder(dataDir);
  if (mode === 'start') {
    const served = await serveBuild();
    register({ name: 'build', stop: async () => served.release() });
  }
  for (const [variable, port] of Object.entries({ API_PORT: settings.apiPort, WEB_PORT: settings.webPort })) {
    if (!(await isPortFree(port))) throw portTaken(port, variable);
  }

  const secrets = loadSecrets(dataDir);
  const environment = () => told.environment;
  const parts = createParts({ settings, environment, secrets, mode, say, signal: stopRequest.signal });
  const seeding = settings.demo && !existsSync(join(dataDir, DEMO_MARK));
  const web = parts.createWeb();
  // It needs nobody to start; at the very first start it waits until there is something to show.
  const webUp = seeding ? undefined : startWeb(web);

  const openDatabase = () => openEmbedded({ settings, secrets, logs: parts.logs });
  if (settings.embedded) embedded = await openDatabase();
  const apiParts = parts.withDatabases(() => (told.settings.external ? undefined : embedded?.urls));
  say('Bringing the schema up to date');
  await apiParts.migrate();
  if (seeding) {
    // Later starts need not load what draws pictures.
    const { seedDemo } = await import('./demo-start.mjs');
    await seedDemo({ dataDir, parts: apiParts, register, say, signal: stopRequest.signal });
  }

  say('Starting API and web');
  const api = apiParts.createApi();
  register(api);
  await Promise.all([api.start(), webUp ?? startWeb(web)]);
  stopRequest.signal.throwIfAborted();
  if (mode === 'dev') {
    const onApiChange = async () => {
      await apiParts.migrate();
      await api.restart();
    };
    register(
      watchSources({
        env: told.environment,
        logFile: join(parts.logs, 'compiler.log'),
        record: parts.record,
        say,
        onApiChange,
      }),
    );
  }
  writeLocal(secrets);
  const note = { web: settings.webPort, api: settings.apiPort };
  answerRestarts({
    dataDir,
    restart: () => restart({ api, web, migrate: apiParts.migrate, openDatabase, secrets }),
    answer: (restarted) => lock.describe({ ...note, restarted }),
  });
  lock.describe(note);
  announce({ settings, mode, seconds: (Date.now() - began) / 1000 });
}

/**
 * Takes up what the environment says now. The API that runs is left alone until the databases it is to go on with are there and
 * migrated; the embedded one is stopped when nobody needs it any more.
 *
 * @param {{ api: Service, web: Service, migrate: () => Promise<void>,
 *   openDatabase: () => Promise<import('./embedded-database.mjs').EmbeddedDatabase>, secrets: import('./secrets.mjs').Secrets }} options
 * @returns {Promise<string>} what was done
 */
async function restart({ api, web, migrate, openDatabase, secrets }) {
  const before = told;
  const now = ask();
  refuseFixedChanges(before.settings, now.settings);
  say('Restarting API and web');
  told = now;
  try {
    if (now.settings.embedded) embedded ??= await openDatabase();
    await migrate();
  } catch (error) {
    told = before;
    throw error;
  }
  const up = await Promise.all([api, web].map((service) => service.restart()));
  stopRequest.signal.throwIfAborted();
  if (up.includes(false))
    throw new Error(`${up[0] ? 'web' : 'API'} does not start; its log is in ${now.settings.dataDir}/logs.`);
  if (!now.settings.embedded && embedded) await stopEmbedded();
  writeLocal(secrets);
  say('Restarted');
  return `Restarted API and web; they use ${describeDatabases(now.settings)}.`;
}

/** @param {import('./secrets.mjs').Secrets} secrets */
function writeLocal(secrets) {
  const { environment: env, settings } = told;
  const local = localEnvironment({ env, settings, secrets, embedded: embedded?.urls });
  writeLocalEnvironment(join(settings.dataDir, 'local.env'), local);
}

/** @param {Service} web */
function startWeb(web) {
  register(web);
  const up = web.start();
  // Its failure is told where it is awaited, which may be later.
  up.catch(() => {});
  return up;
}

/**
 * Adds a part to what is taken down at the end; one that comes up during the stop is stopped at once.
 *
 * @param {Part} part
 */
function register(part) {
  running.push(part);
  if (stopped) stopped = stopped.then(() => stopPart(part));
}

/**
 * @param {string} dataDir
 * @returns {Promise<import('@labelyard/embedded-postgres').FileLock>}
 */
async function takeDataFolder(dataDir) {
  try {
    // Walkable: root's Postgres runs under another account. Every file in it has its own rights.
    mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o711 });
  } catch (error) {
    throw new Error(
      `The data folder ${dataDir} cannot be written (${/** @type {NodeJS.ErrnoException} */ (error).code}). ` +
        'Start as the user it belongs to, or point LABELYARD_DATA_DIR at another folder.',
      { cause: error },
    );
  }
  const lock = await acquireFileLock(join(dataDir, 'lock'), { waitMs: 2_000 });
  register({ name: 'lock', stop: async () => lock.release() });
  await endLeftovers(dataDir, say);
  return lock;
}

/**
 * @param {{ settings: import('./settings.mjs').Settings, secrets: import('./secrets.mjs').Secrets, logs: string }} options
 */
async function openEmbedded({ settings, secrets, logs }) {
  say('Starting the database');
  const database = await openEmbeddedDatabase({ settings, secrets, logFile: join(logs, 'postgres.log'), say });
  register({ name: 'Postgres', stop: () => database.stop() });
  stopRequest.signal.throwIfAborted();
  return database;
}

async function stopEmbedded() {
  const at = running.findIndex(({ name }) => name === 'Postgres');
  const [part] = running.splice(at, 1);
  embedded = undefined;
  if (part) await stopPart(part);
}

/** @type {Promise<void> | undefined} */
let stopped;

/** @param {Part} part */
async function stopPart(part) {
  await part.stop().catch((error) => say(`${part.name} did not stop cleanly: ${error.message}`));
}

function stopAll() {
  stopRequest.abort();
  stopped ??= (async () => {
    const inOrder = running.toSorted((a, b) => STOP_ORDER.indexOf(a.name) - STOP_ORDER.indexOf(b.name));
    for (const part of inOrder) await stopPart(part);
  })();
  return stopped;
}

/** Ctrl-C once stops in order; a second time kills API and web instead of waiting for them. */
async function requestStop() {
  if (!stopRequest.signal.aborted) {
    console.log('\nStopping …');
    await stopAll();
  } else {
    for (const part of running) if (part instanceof Service) void part.stop({ graceMs: 0 });
  }
}

async function main() {
  // The terminal may be gone before us.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void requestStop());
  process.on('message', () => void requestStop());
  process.on('disconnect', () => void requestStop());
  /** @type {unknown} */
  let failure;
  try {
    await start();
    await new Promise((resolve) => stopRequest.signal.addEventListener('abort', resolve));
  } catch (error) {
    if (!stopRequest.signal.aborted) failure = error;
  }
  await stopAll();
  // A part registered while stopping has lengthened the promise.
  await stopped;
  if (failure === undefined) {
    console.log('Stopped. Your data is kept.');
    process.exit(0);
  }
  console.error(
    `\n${failure instanceof FileLockHeld ? explainRunning(failure.holder) : /** @type {Error} */ (failure).message}`,
  );
  process.exit(1);
}

/** After a supervisor that was killed: what it left is ended, so that nothing stays behind. */
async function sweep() {
  const { dataDir } = ask().settings;
  const lock = await acquireFileLock(join(dataDir, 'lock'), { waitMs: 10_000 });
  await endLeftovers(dataDir, say);
  await stopCluster({ dataDir: join(dataDir, 'postgres') });
  lock.release();
  process.exit(0);
}

await (process.argv[2] === 'sweep' ? sweep() : main());
