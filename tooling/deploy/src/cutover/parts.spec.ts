import { defineEnv, labelerDbEnv, storageEnv, userDbEnv } from '@labelyard/config';
import { movedEnvironment } from './parts.js';

const LOCAL = {
  LABELER_DB_URL: 'postgres://me:x@localhost/labeler',
  LABELER_DB_ADMIN_URL: 'postgres://owner:x@localhost/labeler',
  USER_DB_URL: 'postgres://me:x@localhost/people',
  DB_SSL: 'disable',
  STORAGE_DRIVER: 'disk',
  DISK_ROOT: '/data',
  JWT_SECRET: 'local secret of at least 32 characters',
};
const CLOUD = {
  DATABASE_URL: 'postgres://me:y@db.example/railway',
  USER_DB_URL: 'postgres://me:y@people.example/railway',
  DB_SSL: 'require',
  S3_ENDPOINT: 'https://store.example',
  S3_ACCESS_KEY: 'key',
  S3_SECRET_KEY: 'secret',
  S3_BUCKET_DATASETS: 'images',
  S3_BUCKET_ANNOTATIONS: 'exports',
  JWT_SECRET: 'cloud secret of at least 32 characters',
};
const read = (env: Parameters<typeof movedEnvironment>[0]) =>
  defineEnv({ labeler: labelerDbEnv, people: userDbEnv, storage: storageEnv }, env);

test('one database moves, with its way to connect; the other stays as it was', () => {
  const env = movedEnvironment(LOCAL, CLOUD, ['labeler_db']);
  expect(read(env)).toMatchObject({
    labeler: { url: CLOUD.DATABASE_URL, tls: { mode: 'require' } },
    people: { url: LOCAL.USER_DB_URL, tls: { mode: 'disable' } },
    storage: { driver: 'disk' },
  });
  expect(env).not.toHaveProperty('LABELER_DB_ADMIN_URL');
});

test('both databases move with the TLS they share', () => {
  const env = movedEnvironment(LOCAL, CLOUD, ['user_db', 'labeler_db']);
  expect(env['DB_SSL']).toBe('require');
  expect(env).not.toHaveProperty('LABELER_DB_SSL');
});

test('the storage moves and leaves nothing of the old one behind', () => {
  const env = movedEnvironment(LOCAL, CLOUD, ['images', 'exports']);
  expect(read(env).storage).toMatchObject({ driver: 's3', endpoint: CLOUD.S3_ENDPOINT });
  expect(env).not.toHaveProperty('DISK_ROOT');
});

test('what is no part stays: signed-in people stay signed in', () => {
  expect(movedEnvironment(LOCAL, CLOUD, ['user_db', 'labeler_db', 'images', 'exports'])['JWT_SECRET']).toBe(
    LOCAL.JWT_SECRET,
  );
});
