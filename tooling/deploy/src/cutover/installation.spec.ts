import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { loadProfiles } from '../profiles/load-profiles.js';
import { readEnvironmentFile } from './active-environment.js';
import { planCutover } from './cutover-plan.js';
import { openInstallation } from './installation.js';

const RESTART = `require('node:fs').appendFileSync('restarted', 'x')`;
const report = { say: () => undefined, progress: () => undefined };

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** Two environments that differ in their Labeler DB, and an API that says it is ready. */
async function setUp(active: string | null, restart = RESTART, answer = '{}') {
  const folder = mkdtempSync(join(tmpdir(), 'yard-'));
  const asked = new EventEmitter();
  const api = createServer((_request, response) => {
    response.end(answer, () => asked.emit('asked'));
  }).listen(0, '127.0.0.1');
  servers.push(api);
  await once(api, 'listening');
  const urls = { api: `http://127.0.0.1:${(api.address() as AddressInfo).port}` };
  const env = (host: string) => `LABELER_DB_URL=postgres://me:x@${host}/labeler\nLOG_LEVEL=info\n`;
  writeFileSync(join(folder, 'here.env'), env('here'));
  writeFileSync(join(folder, 'there.env'), env('there'));
  if (active !== null) writeFileSync(join(folder, '.env'), active);
  const profile = (name: string) => ({ env_file: `${name}.env`, urls, restart: [process.execPath, '-e', restart] });
  const config = { active_env_file: '.env', profiles: { here: profile('here'), there: profile('there') } };
  writeFileSync(join(folder, 'yard.config.ts'), `export default ${JSON.stringify(config)};`);
  const profiles = await loadProfiles(folder, {});
  const [from, to] = [profiles.get('here'), profiles.get('there')];
  const { plan } = planCutover(from, to, { parts: ['labeler_db'], backup: false });
  const installation = openInstallation({ profiles, from, to, body: plan.body, id: 'id' });
  return { folder, installation, asked };
}

test('it switches and back, restarts each time, and keeps what its file said', async () => {
  const mine = 'LABELER_DB_URL=postgres://me:x@here/labeler\nMINE=kept\n';
  const { folder, installation } = await setUp(mine);
  const signal = AbortSignal.timeout(20_000);
  expect(installation.side()).toBe('from');
  await installation.switchTo('to', report, signal);
  expect(installation.side()).toBe('to');
  expect(readEnvironmentFile(join(folder, '.env'))).toEqual({
    LABELER_DB_URL: 'postgres://me:x@there/labeler',
    LABELER_DB_SSL: 'disable',
    MINE: 'kept',
  });
  expect(readFileSync(join(folder, '.env.before-id-to'), 'utf8')).toBe(mine);
  await installation.switchTo('to', report, signal);
  await installation.switchTo('from', report, signal);
  expect(installation.side()).toBe('from');
  expect(readFileSync(join(folder, 'restarted'), 'utf8')).toBe('xxx');
});

test('without a file of its own it runs with what it is moved from', async () => {
  const { folder, installation } = await setUp(null);
  expect(installation.side()).toBe('from');
  await installation.switchTo('to', report, AbortSignal.timeout(20_000));
  expect(readEnvironmentFile(join(folder, '.env'))).toMatchObject({ LOG_LEVEL: 'info' });
  expect(readdirSync(folder)).not.toContain('.env.before-id-to');
});

test('a file that says nothing of what moves lies over what it is moved from', async () => {
  const { folder, installation } = await setUp('LOG_LEVEL=debug\nMINE=kept\n');
  expect(installation.side()).toBe('from');
  await installation.switchTo('to', report, AbortSignal.timeout(20_000));
  expect(readEnvironmentFile(join(folder, '.env'))).toEqual({
    LABELER_DB_URL: 'postgres://me:x@there/labeler',
    LABELER_DB_SSL: 'disable',
    LOG_LEVEL: 'debug',
    MINE: 'kept',
  });
});

test('an API that still says maintenance runs on the closed side: it is waited for', async () => {
  const open = await setUp(null, RESTART, '{"maintenance":null}');
  await open.installation.seen('to', report, AbortSignal.timeout(20_000));
  const closed = await setUp(null, RESTART, '{"maintenance":{"reason":"moving"}}');
  const enough = new AbortController();
  const waiting = closed.installation.seen('to', report, enough.signal);
  closed.asked.once('asked', () => enough.abort(new Error('still closed')));
  await expect(waiting).rejects.toThrow('still closed');
});

test('a file that leads elsewhere, or a restart that fails, is told', async () => {
  const elsewhere = await setUp('LABELER_DB_URL=postgres://me:x@elsewhere/labeler\n');
  expect(() => elsewhere.installation.side()).toThrow('leads neither to "here" nor to "there"');
  const broken = await setUp('LABELER_DB_URL=postgres://me:x@here/labeler\n', 'process.exit(7)');
  await expect(broken.installation.switchTo('to', report, AbortSignal.timeout(20_000))).rejects.toThrow('exit code 7');
});
