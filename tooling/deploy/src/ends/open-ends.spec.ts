import type { Profile } from '../profiles/profile.js';
import { bucketIdentity, databaseIdentity, labelerDatabase, storageOf, userDatabase } from './open-ends.js';

const profile = (env: Profile['env']): Profile => ({ name: 'test', config: {}, env, origin: 'test' });

test('yard works as the role that owns the schema, without time limits', () => {
  const env = {
    LABELER_DB_URL: 'postgres://app:x@host/labeler',
    LABELER_DB_ADMIN_URL: 'postgres://owner:x@host/labeler',
  };
  expect(labelerDatabase(profile(env))).toMatchObject({
    url: env.LABELER_DB_ADMIN_URL,
    applicationName: 'yard',
    statementTimeoutMs: 0,
  });
});

test('a User DB of the Platform is none of ours', () => {
  const env = { USER_DB_URL: 'postgres://reader:x@host/people' };
  expect(userDatabase(profile(env))).toBeNull();
  expect(userDatabase(profile({ ...env, USER_DB_MANAGED: 'true' }))?.url).toBe(env.USER_DB_URL);
});

test('identities tell places apart and hold no secret', () => {
  expect(databaseIdentity({ url: 'postgres://me:secret@db.example/yard' })).toBe('db.example:5432/yard');
  expect(databaseIdentity({ url: 'postgres://you:other@db.example:5432/yard' })).toBe('db.example:5432/yard');
  const s3 = storageOf(
    profile({
      S3_ENDPOINT: 'https://store.example/',
      S3_ACCESS_KEY: 'key',
      S3_SECRET_KEY: 'secret',
      S3_BUCKET_DATASETS: 'images',
      S3_BUCKET_ANNOTATIONS: 'exports',
    }),
  );
  expect(bucketIdentity(s3, 'annotations')).toBe('https://store.example/exports');
  const disk = storageOf(profile({ STORAGE_DRIVER: 'disk', DISK_ROOT: '/data', JWT_SECRET: 'j'.repeat(40) }));
  expect(bucketIdentity(disk, 'datasets')).toBe('disk:/data/datasets');
});
