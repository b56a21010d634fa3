import { homedir } from 'node:os';
import { apiEnvironment, webEnvironment } from './child-environment.mjs';
import { readSettings, refuseFixedChanges } from './settings.mjs';

const read = (env) => readSettings(env, '/repo');

test('nothing set: the usual ports, embedded databases, demo', () => {
  expect(read({})).toEqual({
    dataDir: '/repo/.labelyard',
    host: 'localhost',
    apiPort: 8011,
    webPort: 3010,
    databasePort: 54329,
    databasePortGiven: false,
    external: undefined,
    embedded: true,
    demo: true,
  });
});

test('what the caller sets is taken; empty means unset', () => {
  const env = {
    API_PORT: '9001',
    WEB_PORT: ' 9002 ',
    DB_PORT: '',
    LABELYARD_DATA_DIR: 'other dir',
    LABELYARD_DEMO: 'false',
  };
  expect(read(env)).toMatchObject({
    apiPort: 9001,
    webPort: 9002,
    databasePort: 54329,
    databasePortGiven: false,
    dataDir: '/repo/other dir',
    demo: false,
  });
  expect(read({ LABELYARD_DATA_DIR: '/abs' }).dataDir).toBe('/abs');
  expect(read({ LABELYARD_DATA_DIR: '~/labels' }).dataDir).toBe(`${homedir()}/labels`);
  expect(read({ DB_PORT: '6000' })).toMatchObject({ databasePort: 6000, databasePortGiven: true });
});

test('every bad setting is named at once', () => {
  expect(() => read({ API_PORT: 'abc', WEB_PORT: '70000', DB_PORT: '1.5', USER_DB_URL: 'postgres://x/y' })).toThrow(
    /API_PORT: is "abc"[\s\S]*WEB_PORT: is "70000"[\s\S]*DB_PORT: is "1.5"[\s\S]*LABELER_DB_URL: is not set while USER_DB_URL is/,
  );
  expect(() => read({ API_PORT: '3010' })).toThrow('which is also API_PORT');
  expect(() => read({ DATABASE_URL: 'postgres://x/y' })).toThrow('USER_DB_URL: is not set while DATABASE_URL is');
});

test('databases of the caller’s own: no embedded one, no demo people', () => {
  const settings = read({ LABELER_DB_URL: 'postgres://a/b', USER_DB_HOST: 'h' });
  expect(settings).toMatchObject({
    external: { labeler: 'LABELER_DB_URL', user: 'USER_DB_HOST' },
    embedded: false,
    demo: false,
  });
});

test('the embedded Postgres can be kept beside them', () => {
  const own = { LABELER_DB_URL: 'postgres://a/b', USER_DB_URL: 'postgres://a/c' };
  expect(read({ ...own, LABELYARD_EMBEDDED_DATABASE: 'Keep' }).embedded).toBe(true);
  expect(() => read({ ...own, LABELYARD_EMBEDDED_DATABASE: 'yes' })).toThrow('LABELYARD_EMBEDDED_DATABASE: is "yes"');
});

test('a running start changes its databases, not its place', () => {
  const now = read({ LABELER_DB_URL: 'postgres://a/b', USER_DB_URL: 'postgres://a/c' });
  expect(() => refuseFixedChanges(read({}), now)).not.toThrow();
  const moved = read({ API_PORT: '9001', LABELYARD_DATA_DIR: '/else' });
  expect(() => refuseFixedChanges(read({}), moved)).toThrow(
    'LABELYARD_DATA_DIR, API_PORT changed: that takes effect at the next npm start',
  );
});

const secrets = {
  database_superuser_password: 's',
  labelyard_password: 'o',
  labeler_directory_password: 'd',
  jwt_secret: 'jwt',
  disk_signing_secret: 'disk',
};
const databases = { labeler: 'postgres://l', user: 'postgres://u', userAdmin: 'postgres://ua' };

test('the API is told where everything is; the caller’s own choices pass through, ports do not', () => {
  const settings = read({ API_PORT: '9001', WEB_PORT: '9002' });
  const env = {
    STORAGE_DRIVER: 's3',
    S3_ENDPOINT: 'http://s3',
    PORT: '3000',
    HOST: 'x86_64-conda',
    LOG_LEVEL: '',
    JWT_SECRET: 'mine',
    NODE_ENV: 'test',
  };
  expect(apiEnvironment({ env, settings, secrets, databases, storageRoot: '/data/storage' })).toMatchObject({
    PORT: '9001',
    HOST: 'localhost',
    LABELER_DB_URL: 'postgres://l',
    USER_DB_URL: 'postgres://u',
    USER_DB_ADMIN_URL: 'postgres://ua',
    USER_DB_MANAGED: 'true',
    STORAGE_DRIVER: 's3',
    S3_ENDPOINT: 'http://s3',
    DISK_ROOT: '/data/storage',
    DISK_PUBLIC_URL: 'http://localhost:9001',
    LOG_LEVEL: 'info',
    JWT_SECRET: 'mine',
    CORS_ORIGINS: 'http://localhost:9002,http://127.0.0.1:9002',
    NODE_ENV: 'production',
  });
});

test('on its private port the API signs links to that port; without embedded databases the caller’s are left alone', () => {
  const settings = read({});
  const env = { LABELER_DB_URL: 'postgres://mine/l', USER_DB_URL: 'postgres://mine/u' };
  const result = apiEnvironment({ env, settings, secrets, databases: undefined, storageRoot: '/s', port: 5555 });
  expect(result).toMatchObject({
    PORT: '5555',
    DISK_PUBLIC_URL: 'http://localhost:5555',
    LABELER_DB_URL: 'postgres://mine/l',
  });
  expect(result).not.toHaveProperty('USER_DB_MANAGED');
});

test('the web knows the API and whether demo logins exist', () => {
  const settings = read({ API_PORT: '9001' });
  expect(webEnvironment({ env: { PORT: '1' }, settings, mode: 'start' })).toMatchObject({
    API_URL: 'http://127.0.0.1:9001',
    NEXT_PUBLIC_API_URL: 'http://localhost:9001',
    LABELYARD_DEMO: 'true',
    NODE_ENV: 'production',
    PORT: '3010',
  });
  expect(webEnvironment({ env: {}, settings, mode: 'dev' }).NODE_ENV).toBe('development');
});
