import { chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newAuthority } from '@labelyard/db/testing';
import { type Cluster, startCluster, startTestCluster } from '@labelyard/embedded-postgres';
import pg from 'pg';
import { dbInspectCommand } from '../../src/commands/db-inspect.js';
import { doctorCommand } from '../../src/commands/doctor.js';
import type { CheckReport } from '../../src/doctor/run-checks.js';
import { runYard } from '../run-yard.js';

/** Who signs in: `open` as they like, `careful` through TLS only, as a server that demands it has everybody. */
const PASSWORD = 'p4ss-of-the-tls-server';
const authority = newAuthority('Railway-like root');
const stranger = newAuthority('Another root');
// Railway's image makes one for "localhost", whatever name its proxy is reached under.
const certificate = authority.issue('localhost');

let folder = '';
let cluster: Cluster;
let plain: Awaited<ReturnType<typeof startTestCluster>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yard-tls-'));
  const dataDir = join(folder, 'postgres');
  [cluster, plain] = await Promise.all([
    startCluster({ dataDir, port: 0, superuser: 'open', password: PASSWORD, fast: true }),
    startTestCluster(),
  ]);
  const client = new pg.Client({ connectionString: cluster.url('postgres') });
  await client.connect();
  const { rows } = await client.query<{ folder: string }>(`select current_setting('data_directory') as folder`);
  const home = rows[0]?.folder ?? '';
  const { uid, gid } = statSync(home);
  const put = (name: string, text: string) => {
    writeFileSync(join(home, name), text, { mode: 0o600 });
    chownSync(join(home, name), uid, gid);
  };
  put('server.crt', certificate.pem);
  put('server.key', certificate.key);
  put('pg_hba.conf', `hostnossl all careful all reject\n${readFileSync(join(home, 'pg_hba.conf'), 'utf8')}`);
  await client.query(`create role careful superuser login password '${PASSWORD}'`);
  await client.query('alter system set ssl = on');
  await client.query('select pg_reload_conf()');
  await client.end();
}, 60_000);
afterAll(async () => {
  await cluster?.stop();
  plain?.release();
  rmSync(folder, { recursive: true, force: true });
});

interface Attempt {
  readonly mode: string;
  readonly env?: Record<string, string>;
  readonly user?: string;
  readonly host?: string;
  readonly query?: string;
}

/** What `yard doctor` and `yard db inspect` say of a way to connect. */
async function attempt({ mode, env = {}, user = 'open', host = '127.0.0.1', query = '' }: Attempt, url?: string) {
  const at = new URL(url ?? cluster.url('postgres', { user, password: PASSWORD }));
  Object.assign(at, { hostname: host, search: query });
  const config = { profiles: { far: { env: { LABELER_DB_URL: at.href, DB_SSL: mode, ...env } } } };
  const name = `far-${(tried += 1)}.config.mjs`;
  writeFileSync(join(folder, name), `export default ${JSON.stringify(config)};`);
  const commands = [doctorCommand, dbInspectCommand];
  const run = (...argv: string[]) =>
    runYard([...argv, '--env', 'far', '--config', name, '--json'], { cwd: folder, commands });
  const doctor = await run('doctor', '--only', 'labeler_db.reach,labeler_db.tls');
  const inspect = await run('db', 'inspect');
  for (const { stdout, stderr } of [doctor, inspect]) expect(stdout + stderr).not.toContain(PASSWORD);
  const [reach, tls] = ['labeler_db.reach', 'labeler_db.tls'].map((id) =>
    doctor.json<{ checks: CheckReport[] }>().checks.find((check) => check.id === id),
  );
  return { reach, tls, inspect };
}
let tried = 0;

/** Both commands refuse, with the same words and the same next step, and neither connects. */
async function expectRefusal(given: Attempt, says: string, next: string, url?: string) {
  const { reach, inspect } = await attempt(given, url);
  expect(reach).toMatchObject({ status: 'fail', seen: expect.stringContaining(says) as string });
  expect(reach?.next).toContain(next);
  expect(inspect.code).toBe(4);
  const { error } = inspect.json<{ error: { message: string; next: string } }>();
  expect(error.message).toContain(says);
  expect(error.next).toContain(next);
}

const RIGHT = { DB_SSL_CA: authority.pem };
const WRONG = { DB_SSL_CA: stranger.pem };

test.each<[what: string, Attempt]>([
  ['require, whatever the certificate', { mode: 'require' }],
  // It would overrule what is set, and fail of the self-signed root.
  ['require, with an sslmode in the URL', { mode: 'require', query: '?sslmode=verify-full' }],
  ['require, where the server demands TLS', { mode: 'require', user: 'careful' }],
  ['verify-ca, under another name', { mode: 'verify-ca', env: RIGHT }],
  ['verify-ca in base64', { mode: 'verify-ca', env: { DB_SSL_CA: Buffer.from(authority.pem).toString('base64') } }],
  ['verify-full, under its name', { mode: 'verify-full', env: RIGHT, host: 'localhost' }],
  ['pin', { mode: 'pin', env: { DB_SSL_FINGERPRINT: certificate.fingerprint } }],
])('encrypted: %s', async (_what, given) => {
  const { reach, tls, inspect } = await attempt(given);
  expect(reach).toMatchObject({ status: 'ok' });
  expect(tls).toMatchObject({ status: 'ok', seen: `TLSv1.3, mode ${given.mode}` });
  expect(inspect.code).toBe(0);
});

test('disable is plain, also where the URL asks for TLS, and is told so', async () => {
  const { tls, inspect } = await attempt({ mode: 'disable', query: '?sslmode=require' });
  expect(tls).toMatchObject({ status: 'ok', seen: 'not encrypted, and need not be: 127.0.0.1 is this machine' });
  expect(inspect.code).toBe(0);
});

const UNTRUSTED = 'not issued by an authority that is trusted here';
test.each<[what: string, Attempt, says: string, next: string]>([
  ['verify-ca of another authority', { mode: 'verify-ca', env: WRONG }, UNTRUSTED, 'Set DB_SSL_CA'],
  ['verify-full of another', { mode: 'verify-full', env: WRONG, host: 'localhost' }, UNTRUSTED, 'Set DB_SSL_CA'],
  ['verify-full of the system’s', { mode: 'verify-full', host: 'localhost' }, UNTRUSTED, 'Set DB_SSL_CA'],
  ['verify-full, another name', { mode: 'verify-full', env: RIGHT }, 'is for another name', 'Set DB_SSL=verify-ca'],
  [
    'pin of another certificate',
    { mode: 'pin', env: { DB_SSL_FINGERPRINT: authority.fingerprint } },
    'than the pinned one',
    'Was it renewed?',
  ],
  [
    'disable, where the server demands TLS',
    { mode: 'disable', user: 'careful' },
    'takes encrypted connections only',
    'Set DB_SSL=verify-ca',
  ],
])('refused: %s', async (_what, given, says, next) => {
  await expectRefusal(given, says, next);
});

test('a server without TLS is never spoken to plainly by mistake', async () => {
  await expectRefusal({ mode: 'require' }, 'it speaks no TLS', 'Turn ssl on', plain.url('postgres'));
});

test('verify-ca without an authority does not come as far as the server', async () => {
  const { inspect } = await attempt({ mode: 'verify-ca' });
  expect(inspect.code).toBe(3);
  expect(inspect.stdout).toContain('DB_SSL=verify-ca needs the certificate of the issuer');
});
