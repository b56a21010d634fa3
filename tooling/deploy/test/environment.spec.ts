import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnvFile } from '@labelyard/config';
import { environmentFindings } from '../src/environment/findings.js';
import { envDiff } from '../src/commands/env-diff.js';
import { envRender } from '../src/commands/env-render.js';
import { runYard as runAny, temporaryFolder } from './run-yard.js';

const runYard = (argv: readonly string[], { cwd }: { cwd: string }) =>
  runAny(argv, { cwd, commands: [envRender, envDiff] });

const SECRET = 'k3J9vQ2mXw8Tz5Lr1Np7Yb4Hs6Df0GcA';
const OTHER_SECRET = 'q7Zt2LrV9xKp4WmN8sYb1HdF6gJc3QeT';
const LOCAL = {
  ENVIRONMENT: 'development',
  PORT: '8011',
  LABELER_DB_URL: 'postgres://labelyard:local-pass@localhost:54329/labelyard_labeler',
  USER_DB_URL: 'postgres://directory:local-pass-2@localhost:54329/labelyard_user',
  JWT_SECRET: SECRET,
  DISK_ROOT: '/data/storage',
};
const RAILWAY = {
  ENVIRONMENT: 'production',
  LABELER_DB_URL: 'postgres://postgres:railway-pass@db.proxy.rlwy.net:15140/railway',
  USER_DB_URL: 'postgres://postgres:railway-pass-2@db.proxy.rlwy.net:15141/railway',
  DB_SSL: 'require',
  JWT_SECRET: OTHER_SECRET,
  R2_ACCOUNT_ID: '0123456789abcdef0123456789abcdef',
  S3_ACCESS_KEY: 'r2-access-key-id',
  S3_SECRET_KEY: 'r2-secret-access-key',
  S3_BUCKET_DATASETS: 'labeler-datasets',
  S3_BUCKET_ANNOTATIONS: 'labeler-annotations',
  API_URL: 'http://api.railway.internal:8080',
  CORS_ORIGINS: 'https://labels.example',
};
const SECRETS = ['local-pass', 'railway-pass', SECRET, OTHER_SECRET, 'r2-access-key-id', 'r2-secret-access-key'];

/** A folder whose yard.config.ts names these environments. */
function environments(profiles: Record<string, Record<string, string>>, more = '') {
  const folder = temporaryFolder();
  const named = Object.entries(profiles).map(([name, env]) => `${name}: { env: ${JSON.stringify(env)} },`);
  writeFileSync(join(folder.path, 'yard.config.ts'), `export default { profiles: { ${named.join('\n')} ${more} } };\n`);
  return folder;
}

describe('env render', () => {
  test('prints what is set with what it means, secrets only as fingerprints', async () => {
    using folder = environments({ local: LOCAL });
    const { code, stdout, stderr } = await runYard(['env', 'render'], { cwd: folder.path });
    expect(code).toBe(0);
    expect(stdout).toContain(
      '# DISK_ROOT: the folder that holds everything, for storage on disk\nDISK_ROOT=/data/storage',
    );
    expect(stdout).toMatch(/# JWT_SECRET is set: sha256:[\da-f]{8} \(32 characters\)/u);
    expect(stdout).toMatch(
      /# LABELER_DB_URL is set: postgres:\/\/labelyard@localhost:54329\/labelyard_labeler, password sha256:/u,
    );
    expect(stdout).toContain('# LOG_LEVEL: fatal, error, warn, info, debug, trace or silent · else info');
    for (const secret of SECRETS) expect(stdout + stderr).not.toContain(secret);
    expect(parseEnvFile(stdout)).not.toHaveProperty('JWT_SECRET');
    expect(stderr).toContain('yard doctor --env local');
  });

  test('writes secrets into a new file of one’s own, which reads back the same', async () => {
    using folder = environments({ railway: { ...RAILWAY, S3_SECRET_KEY: 'r2-secret "quoted" #1' } });
    const argv = ['env', 'render', '--env', 'railway', '--show-secrets', '--out', 'new.env'];
    const ran = await runYard(argv, { cwd: folder.path });
    expect(ran.code).toBe(0);
    const file = join(folder.path, 'new.env');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(parseEnvFile(readFileSync(file, 'utf8'))).toEqual({ ...RAILWAY, S3_SECRET_KEY: 'r2-secret "quoted" #1' });
    expect(ran.stdout + ran.stderr).not.toContain('r2-secret');
    const again = await runYard(argv, { cwd: folder.path });
    expect(again.code).toBe(3);
    expect(again.stderr).toContain('new.env is there already');
  });

  test('secrets do not go to the terminal', async () => {
    using folder = environments({ local: LOCAL });
    const ran = await runYard(['env', 'render', '--show-secrets'], { cwd: folder.path });
    expect(ran).toMatchObject({ code: 3, stdout: '' });
    expect(ran.stderr).toContain('add --out <file>');
  });

  test('an environment whose file is not there yet is a form to fill in', async () => {
    using folder = environments({}, `railway: { env_file: 'railway.env', env: { ENVIRONMENT: 'production' } },`);
    const argv = ['env', 'render', '--env', 'railway', '--show-secrets', '--out', 'railway.env'];
    const { code, stderr } = await runYard(argv, { cwd: folder.path });
    expect(code).toBe(2);
    for (const name of ['LABELER_DB_URL', 'USER_DB_URL', 'JWT_SECRET', 'API_URL', 'DISK_ROOT'])
      expect(stderr).toMatch(new RegExp(`✗ ${name}: is not set; set it to`, 'u'));
    const text = readFileSync(join(folder.path, 'railway.env'), 'utf8');
    expect(text).toContain('# JWT_SECRET=the output of: openssl rand -base64 48');
    expect(parseEnvFile(text)).toEqual({ ENVIRONMENT: 'production' });
    expect((await runYard(['env', 'render', '--env', 'railway'], { cwd: folder.path })).code).toBe(2);
  });

  test('for Railway: references stay, what it gives itself is left out, each service gets its own', async () => {
    const env = {
      ...RAILWAY,
      PORT: '8011',
      NODE_ENV: 'production',
      LABELER_DB_URL: '${{Labeler DB.DATABASE_URL}}',
      LABELYARD_HOST: 'x',
    };
    using folder = environments({ railway: env });
    const argv = ['env', 'render', '--env', 'railway', '--target', 'railway'];
    const { stdout, code } = await runYard(argv, { cwd: folder.path });
    expect(code).toBe(0);
    expect(stdout).toContain(`LABELER_DB_URL='\${{Labeler DB.DATABASE_URL}}'`);
    expect(stdout).toContain('# DISK_PUBLIC_URL:');
    for (const name of ['PORT', 'NODE_ENV', 'LABELYARD_HOST'])
      expect(stdout).not.toMatch(new RegExp(`^${name}=`, 'mu'));
    const web = await runYard([...argv, '--process', 'web', '--json'], { cwd: folder.path });
    expect(web.json<{ variables: { name: string }[] }>().variables.map(({ name }) => name)).toEqual([
      'ENVIRONMENT',
      'API_URL',
      'R2_ACCOUNT_ID',
    ]);
  });

  test.each([
    [
      'railway',
      { S3_ENDPOINT: 'https://${R2_ACCOUNT_ID}.r2.cloudflarestorage.com' },
      'S3_ENDPOINT: holds ${…}, which Railway',
    ],
    ['env', { LABELER_DB_URL: '${{Postgres.DATABASE_URL}}' }, 'LABELER_DB_URL: holds ${{…}}, which only Railway'],
    ['railway', { NEXT_PUBLIC_API_URL: `https://api.example/${OTHER_SECRET}` }, 'holds the value of JWT_SECRET'],
    ['env', { NEXT_PUBLIC_MAP_TOKEN: 'x' }, 'NEXT_PUBLIC_MAP_TOKEN: sounds like a secret'],
  ])('for %s %j is refused', async (target, more, why) => {
    using folder = environments({ railway: { ...RAILWAY, ...more } });
    const argv = ['env', 'render', '--env', 'railway', '--target', target, '--show-secrets', '--out', 'x.env'];
    const ran = await runYard(argv, { cwd: folder.path });
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain(why);
    expect(() => statSync(join(folder.path, 'x.env'))).toThrow('ENOENT');
  });

  test('a target or service nobody knows', async () => {
    using folder = environments({ local: LOCAL });
    const ran = await runYard(['env', 'render', '--target', 'heroku'], { cwd: folder.path });
    expect(ran).toMatchObject({ code: 3, stderr: expect.stringContaining('Use one of: env, railway.') as string });
    const other = await runYard(['env', 'render', '--process', 'db'], { cwd: folder.path });
    expect(other.stderr).toContain('Use one of: api, web.');
  });
});

describe('env diff', () => {
  test('tells what only one side has, what differs, and no secret', async () => {
    using folder = environments({ local: LOCAL, railway: RAILWAY });
    const { code, stdout, stderr } = await runYard(['env', 'diff', '--to', 'railway'], { cwd: folder.path });
    expect(code).toBe(2);
    expect(stdout).toMatch(/Only in local\n {2}PORT +8011 · else 8011\n {2}DISK_ROOT +\/data\/storage/u);
    expect(stdout).toMatch(/Only in railway\n(?:.*\n)* {2}S3_BUCKET_DATASETS +labeler-datasets/u);
    expect(stdout).toMatch(/ {2}ENVIRONMENT\n {4}local {4}development\n {4}railway {2}production/u);
    expect(stdout).not.toContain('could not run');
    for (const secret of SECRETS) expect(stdout + stderr).not.toContain(secret);
  });

  test('names what a process would refuse on either side, with the variable that was meant', async () => {
    const railway = { ...RAILWAY, JWT_SECRET: SECRET, S3_BUCKET_DATASET: 'x', CORS_ORIGINS: 'https://labels.example/' };
    using folder = environments({ local: LOCAL, railway: { ...railway, S3_BUCKET_DATASETS: '' } });
    const ran = await runYard(['env', 'diff', '--to', 'railway', '--json'], { cwd: folder.path });
    const { findings, shared_secrets } = ran.json<{
      findings: Record<string, { variable: string; says: string }[]>;
      shared_secrets: string[];
    }>();
    expect(findings['local']).toEqual([]);
    expect(findings['railway']).toEqual([
      expect.objectContaining({ variable: 'CORS_ORIGINS', says: expect.stringContaining('(api)') as string }),
      expect.objectContaining({ variable: 'S3_BUCKET_DATASETS', kind: 'unusable' }),
      expect.objectContaining({
        variable: 'S3_BUCKET_DATASET',
        says: expect.stringContaining('Did you mean "S3_BUCKET_DATASETS"?') as string,
      }),
    ]);
    expect(shared_secrets).toEqual(['JWT_SECRET']);
    expect(ran.stderr).not.toContain('JWT_SECRET is the same in both: whoever');
  });

  test.each<[string, Record<string, string>, boolean, string]>([
    ['the same', { JWT_SECRET: SECRET }, true, '✓ JWT_SECRET is the same in both'],
    ['replaced', { JWT_SECRET_PREVIOUS: SECRET }, true, '✓ JWT_SECRET is another one, and JWT_SECRET_PREVIOUS'],
    ['another', {}, false, '! JWT_SECRET is another one on the other side: everybody would be signed out'],
    ['not set', { JWT_SECRET: '' }, false, '! JWT_SECRET is not set on the other side'],
  ])('says in one line whether people stay signed in: JWT_SECRET %s', async (_, more, kept, line) => {
    using folder = environments({ local: LOCAL, railway: { ...RAILWAY, ...more } });
    const argv = ['env', 'diff', '--to', 'railway'];
    const { stderr } = await runYard(argv, { cwd: folder.path });
    expect(stderr.match(/JWT_SECRET .*/gu)).toHaveLength(1);
    expect(stderr).toContain(line);
    const json = await runYard([...argv, '--json'], { cwd: folder.path });
    expect(json.json()).toMatchObject({ signed_in_stay: kept });
  });

  test('a reference is no secret: whether people stay signed in is not told', async () => {
    using folder = environments({ local: LOCAL, railway: { ...RAILWAY, JWT_SECRET: '${{shared.JWT_SECRET}}' } });
    const ran = await runYard(['env', 'diff', '--to', 'railway'], { cwd: folder.path });
    expect(ran.stderr).not.toContain('JWT_SECRET');
  });

  test('equal environments are no difference', async () => {
    using folder = environments({ a: RAILWAY, b: RAILWAY });
    expect((await runYard(['env', 'diff', '--from', 'a', '--to', 'b'], { cwd: folder.path })).code).toBe(0);
  });
});

test('what Railway brings along is not unknown', () => {
  const env = { ...RAILWAY, RAILWAY_PROJECT_ID: 'x', PGHOST: 'y' };
  expect(environmentFindings(env, { target: 'railway' })).toEqual([]);
});
