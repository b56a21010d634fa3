import { defineEnv, EnvError, labelerDbAdminEnv, labelerDbEnv, userDbAdminEnv, userDbEnv } from './index.js';

const labeler = (source: Record<string, string>) => defineEnv({ labeler_db: labelerDbEnv }, source).labeler_db;
const URL_TEXT = 'postgres://me:pw@db.example:5433/labels';

function problems(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
  return [];
}

test('a URL under either name', () => {
  expect(labeler({ LABELER_DB_URL: URL_TEXT }).url).toBe(URL_TEXT);
  expect(labeler({ DATABASE_URL: URL_TEXT }).url).toBe(URL_TEXT);
  expect(labeler({ LABELER_DB_URL: URL_TEXT, DATABASE_URL: 'postgres://other/db' }).url).toBe(URL_TEXT);
});

test('pieces make a URL, whatever the password holds', () => {
  const { url } = labeler({
    LABELER_DB_HOST: 'fd00::1',
    LABELER_DB_PORT: '6000',
    LABELER_DB_NAME: 'my labels',
    LABELER_DB_USER: 'me@here',
    LABELER_DB_PASSWORD: 'p:/?#@ä',
  });
  const parsed = new URL(url);
  expect(parsed.hostname).toBe('[fd00::1]');
  expect(parsed.port).toBe('6000');
  expect(decodeURIComponent(parsed.password)).toBe('p:/?#@ä');
  expect(decodeURIComponent(parsed.username)).toBe('me@here');
  expect(decodeURIComponent(parsed.pathname)).toBe('/my labels');
});

test('the pool holds size and overflow', () => {
  expect(labeler({ DATABASE_URL: URL_TEXT }).pool).toEqual({
    max: 15,
    acquireTimeoutMs: 30_000,
    maxLifetimeSeconds: 3_600,
  });
  expect(labeler({ DATABASE_URL: URL_TEXT, DB_POOL_SIZE: '20', DB_MAX_OVERFLOW: '0' }).pool.max).toBe(20);
});

test.each([
  [{}, 'LABELER_DB_URL: is not set'],
  [{ LABELER_DB_URL: 'mysql://x/y' }, 'LABELER_DB_URL: is not a postgres:// URL'],
  [{ DATABASE_URL: 'postgres://host:5432' }, 'DATABASE_URL: names no database'],
  [{ LABELER_DB_HOST: 'h', LABELER_DB_USER: 'u' }, 'LABELER_DB_NAME: is not set while LABELER_DB_HOST is'],
  [
    { LABELER_DB_HOST: 'h', LABELER_DB_USER: 'u', LABELER_DB_NAME: 'n', LABELER_DB_PORT: 'x' },
    'LABELER_DB_PORT: is "x"',
  ],
  [{ DATABASE_URL: URL_TEXT, DB_SSL: 'maybe' }, 'DB_SSL: is "maybe"; set it to one of disable, require'],
  [{ DATABASE_URL: URL_TEXT, DB_SSL: 'verify-ca' }, 'DB_SSL_CA: is not set'],
  [{ DATABASE_URL: URL_TEXT, DB_SSL: 'pin' }, 'DB_SSL_FINGERPRINT: is not set'],
  [{ DATABASE_URL: URL_TEXT, DB_SSL: 'verify-full', DB_SSL_CA: '/no/such/file' }, 'DB_SSL_CA: is no certificate'],
  [{ DATABASE_URL: URL_TEXT, DB_POOL_SIZE: '0' }, 'DB_POOL_SIZE: is "0"'],
])('%j is refused', (source, expected) => {
  expect(problems(() => labeler(source))).toEqual([expect.stringContaining(expected)]);
});

test('a refused URL is not repeated, because it holds a password', () => {
  expect(problems(() => labeler({ DATABASE_URL: 'http://me:hidden@host' })).join()).not.toContain('hidden');
});

test('the certificate comes as PEM, with spelled-out line ends, or in base64', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
  for (const DB_SSL_CA of [pem, pem.replaceAll('\n', '\\n'), Buffer.from(pem).toString('base64')])
    expect(labeler({ DATABASE_URL: URL_TEXT, DB_SSL: 'verify-ca', DB_SSL_CA }).tls).toEqual({
      mode: 'verify-ca',
      ca: pem,
      fingerprint: undefined,
    });
});

test('administration falls back to the ordinary role', () => {
  const fragments = { labeler: labelerDbAdminEnv, user: userDbAdminEnv, people: userDbEnv };
  const source = { LABELER_DB_URL: URL_TEXT, USER_DB_URL: 'postgres://reader@h/people' };
  expect(defineEnv(fragments, source)).toMatchObject({ labeler: { url: URL_TEXT }, user: null });
  const managed = { ...source, USER_DB_MANAGED: 'true' };
  expect(defineEnv(fragments, managed).user?.url).toBe('postgres://reader@h/people');
  expect(defineEnv(fragments, { ...managed, USER_DB_ADMIN_URL: 'postgres://owner@h/people' }).user?.url).toBe(
    'postgres://owner@h/people',
  );
});

test('one database may be connected to in another way than the other', () => {
  const both = { LABELER_DB_URL: URL_TEXT, USER_DB_URL: URL_TEXT, DB_SSL: 'disable', LABELER_DB_SSL: 'require' };
  const env = defineEnv({ labeler: labelerDbEnv, people: userDbEnv }, both);
  expect([env.labeler.tls.mode, env.people.tls.mode]).toEqual(['require', 'disable']);
});

test('a mode of its own does not take the certificate of the other database', () => {
  const DB_SSL_CA = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
  const source = { DATABASE_URL: URL_TEXT, DB_SSL: 'verify-ca', DB_SSL_CA, LABELER_DB_SSL: 'verify-ca' };
  expect(problems(() => labeler(source))).toEqual([expect.stringContaining('LABELER_DB_SSL_CA: is not set')]);
  expect(problems(() => labeler({ DATABASE_URL: URL_TEXT, LABELER_DB_SSL: 'maybe' }))).toEqual([
    expect.stringContaining('LABELER_DB_SSL: is "maybe"'),
  ]);
});
