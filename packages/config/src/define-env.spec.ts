import {
  authEnv,
  defineEnv,
  EnvError,
  httpEnv,
  limitsEnv,
  runtimeEnv,
  storageEnv,
  webEnv,
  type EnvFragment,
} from './index.js';

const SECRET = 'k3J9vQ2mXw8Tz5Lr1Np7Yb4Hs6Df0GcA';

/** The problems of an environment, by variable. */
function problems(fragments: Record<string, EnvFragment>, source: Record<string, string>): Record<string, string> {
  try {
    defineEnv(fragments, source);
    return {};
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    return Object.fromEntries(error.problems.map((text) => text.split(/: (.*)/su).slice(0, 2) as [string, string]));
  }
}

test('an empty or blank variable is unset', () => {
  const env = defineEnv({ http: httpEnv, runtime: runtimeEnv }, { PORT: '', LOG_LEVEL: '  ', HOST: '' });
  expect(env.http).toMatchObject({ port: 8011, host: '::', trust_proxy: 1 });
  expect(env.runtime).toMatchObject({ environment: 'development', log_level: 'info', strict: false });
});

test('the result is frozen all the way down', () => {
  const env = defineEnv({ http: httpEnv }, {});
  expect(Object.isFrozen(env)).toBe(true);
  expect(Object.isFrozen(env.http.cors_origins)).toBe(true);
});

test('one error names every problem of every fragment', () => {
  const found = problems(
    { http: httpEnv, limits: limitsEnv, runtime: runtimeEnv, auth: authEnv },
    { PORT: '70000', MAX_UPLOAD_MB: 'many', ENVIRONMENT: 'prod', CORS_ORIGINS: '*' },
  );
  expect(Object.keys(found).sort()).toEqual(['ENVIRONMENT', 'JWT_SECRET', 'MAX_UPLOAD_MB', 'PORT']);
  expect(found.PORT).toBe('is "70000"; set it to a whole number from 0 to 65535');
  expect(found.ENVIRONMENT).toContain('development, test, staging, production');
});

test('a variable that several fragments read is told once', () => {
  const fragments = { auth: authEnv, storage: storageEnv };
  const disk = { STORAGE_DRIVER: 'disk', DISK_ROOT: '/data', DISK_PUBLIC_URL: 'https://a.example' };
  for (const JWT_SECRET of [undefined, 'short'])
    expect(() => defineEnv(fragments, { ...disk, ENVIRONMENT: 'production', JWT_SECRET })).toThrow('(1 problem)');
});

test.each([
  ['*', 'list the origins'],
  ['https://a.example/', 'must be written https://a.example'],
  ['https://a.example/app', 'holds a path'],
  ['a.example', 'is not an http:// or https:// URL'],
  ['https://me:pw@a.example', 'holds a user name'],
  ['http://a.example', 'is not encrypted'],
])('the origin %s is refused in production', (origin, reason) => {
  expect(problems({ http: httpEnv }, { ENVIRONMENT: 'production', CORS_ORIGINS: origin }).CORS_ORIGINS).toContain(
    reason,
  );
});

test('origins are a list, and nobody is allowed by default in production', () => {
  const read = (source: Record<string, string>) => defineEnv({ http: httpEnv }, source).http.cors_origins;
  expect(read({ ENVIRONMENT: 'production' })).toEqual([]);
  expect(read({ CORS_ORIGINS: 'https://a.example, http://b.example:8080 ,' })).toEqual([
    'https://a.example',
    'http://b.example:8080',
  ]);
});

test.each([
  ['sh0rt', 'is shorter than 32 bytes'],
  ['changeme', 'is a default or sample value'],
  ['your-secret-key-change-in-production-please', 'is a default or sample value'],
  ['dev-secret-dev-secret-dev-secret-dev-secret', 'is a default or sample value'],
  ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'repeats a few characters'],
])('the secret %s is refused in production and taken in development', (secret, reason) => {
  const production = problems({ auth: authEnv }, { ENVIRONMENT: 'production', JWT_SECRET: secret }).JWT_SECRET;
  expect(production).toContain(reason);
  expect(production).not.toContain(secret);
  expect(problems({ auth: authEnv }, { JWT_SECRET: secret })).toEqual({});
});

test('a weak previous secret is refused as well', () => {
  const source = { ENVIRONMENT: 'staging', JWT_SECRET: SECRET, JWT_SECRET_PREVIOUS: 'password' };
  expect(Object.keys(problems({ auth: authEnv }, source))).toEqual(['JWT_SECRET_PREVIOUS']);
});

test('answers are checked while developing, not in built code that serves people', () => {
  const read = (source: Record<string, string>) => defineEnv({ runtime: runtimeEnv }, source).runtime.check_responses;
  expect(read({})).toBe(true);
  expect(read({ NODE_ENV: 'production' })).toBe(false);
  expect(read({ NODE_ENV: 'production', CHECK_RESPONSES: 'on' })).toBe(true);
  expect(read({ ENVIRONMENT: 'production' })).toBe(false);
});

test('megabytes become bytes', () => {
  expect(defineEnv({ limits: limitsEnv }, { MAX_UPLOAD_MB: '2' }).limits.max_upload_bytes).toBe(2_097_152);
});

describe('the web server', () => {
  test('needs the address of the API in production', () => {
    expect(Object.keys(problems({ web: webEnv }, { ENVIRONMENT: 'production' }))).toEqual(['API_URL']);
  });

  test('knows where browsers get images from', () => {
    const read = (source: Record<string, string>) => defineEnv({ web: webEnv }, source).web.storage_origins;
    expect(read({})).toEqual(['http://localhost:8011']);
    expect(read({ S3_ENDPOINT: 'https://s3.example/base', NEXT_PUBLIC_API_URL: 'https://api.example' })).toEqual([
      'https://api.example',
      'https://s3.example',
    ]);
    const account = '0123456789abcdef0123456789abcdef';
    expect(read({ ENVIRONMENT: 'production', API_URL: 'http://api.internal:8011', R2_ACCOUNT_ID: account })).toEqual([
      `https://${account}.r2.cloudflarestorage.com`,
    ]);
  });
});
