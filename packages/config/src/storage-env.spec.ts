import { defineEnv, EnvError, storageEnv } from './index.js';

const storage = (source: Record<string, string>) => defineEnv({ storage: storageEnv }, source).storage;
const SECRET = 'k3J9vQ2mXw8Tz5Lr1Np7Yb4Hs6Df0GcA';
const ACCOUNT = '0123456789abcdef0123456789abcdef';
const S3 = {
  S3_ACCESS_KEY: 'AKIA7',
  S3_SECRET_KEY: 'wJalrXUtnFEMI',
  S3_BUCKET_DATASETS: 'labeler-datasets',
  S3_BUCKET_ANNOTATIONS: 'labeler-annotations',
};

function problems(source: Record<string, string>): readonly string[] {
  try {
    storage(source);
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
  return [];
}

test('an R2 account says where the storage is', () => {
  expect(storage({ ...S3, R2_ACCOUNT_ID: ACCOUNT })).toEqual({
    driver: 's3',
    endpoint: `https://${ACCOUNT}.r2.cloudflarestorage.com`,
    region: 'auto',
    access_key: 'AKIA7',
    secret_key: 'wJalrXUtnFEMI',
    force_path_style: true,
    buckets: { datasets: 'labeler-datasets', annotations: 'labeler-annotations' },
  });
});

test.each([
  [{ S3_ENDPOINT: 'storage.example:9000' }, 'https://storage.example:9000'],
  [{ S3_ENDPOINT: 'storage.example:9000', S3_USE_SSL: 'false' }, 'http://storage.example:9000'],
  [{ S3_ENDPOINT: 'http://localhost:9000/', S3_USE_SSL: 'false' }, 'http://localhost:9000'],
])('%j is %s', (source, endpoint) => {
  expect(storage({ ...S3, ...source })).toMatchObject({ driver: 's3', endpoint });
});

test('disk links are signed by a secret of their own or by one derived from JWT_SECRET', () => {
  const disk = { DISK_ROOT: '/data', PORT: '8099' };
  expect(storage({ ...disk, DISK_SIGNING_SECRET: SECRET, JWT_SECRET: 'other' })).toEqual({
    driver: 'disk',
    root: '/data',
    public_url: 'http://localhost:8099',
    signing_secret: SECRET,
  });
  expect(storage({ ...disk, JWT_SECRET: SECRET })).toMatchObject({ signing_secret: SECRET });
});

test('variables of the other driver are not looked at', () => {
  expect(storage({ STORAGE_DRIVER: 'disk', DISK_ROOT: '/data', JWT_SECRET: SECRET, S3_ENDPOINT: '${X}' }).driver).toBe(
    'disk',
  );
});

test.each([
  [{ STORAGE_DRIVER: 's3', ...S3 }, ['S3_ENDPOINT: is not set']],
  [{ ...S3, S3_ENDPOINT: 'https://${R2_ACCOUNT_ID}.r2.cloudflarestorage.com' }, ['S3_ENDPOINT: holds ${…}']],
  [{ ...S3, S3_ENDPOINT: 'https://x.example', S3_SECRET_KEY: '${R2_SECRET}' }, ['S3_SECRET_KEY: holds ${…}']],
  [
    { ...S3, S3_ENDPOINT: 'http://x.example', S3_USE_SSL: 'true' },
    ['S3_USE_SSL: is true while S3_ENDPOINT begins with http://'],
  ],
  [{ ...S3, R2_ACCOUNT_ID: 'my-account' }, ['R2_ACCOUNT_ID: is no account id']],
  [{ ...S3, R2_ACCOUNT_ID: ACCOUNT, S3_BUCKET_DATASETS: 'Bad_Name' }, ['S3_BUCKET_DATASETS: is no bucket name']],
  [
    { ...S3, R2_ACCOUNT_ID: ACCOUNT, S3_BUCKET_ANNOTATIONS: 'labeler-datasets' },
    ['S3_BUCKET_ANNOTATIONS: is the same'],
  ],
  [
    { R2_ACCOUNT_ID: ACCOUNT },
    [
      'S3_BUCKET_DATASETS: is not set',
      'S3_BUCKET_ANNOTATIONS: is not set',
      'S3_ACCESS_KEY: is not set',
      'S3_SECRET_KEY: is not set',
    ],
  ],
  [
    { ...S3, ENVIRONMENT: 'production', S3_ENDPOINT: 'https://x.example', S3_ACCESS_KEY: 'minioadmin' },
    ['S3_ACCESS_KEY: is a sample value'],
  ],
  [{ STORAGE_DRIVER: 'tape' }, ['STORAGE_DRIVER: is "tape"']],
  [{ JWT_SECRET: SECRET }, ['DISK_ROOT: is not set']],
  [{ DISK_ROOT: '/data', JWT_SECRET: 'short' }, ['JWT_SECRET: is shorter than 32']],
  [{ ENVIRONMENT: 'production', DISK_ROOT: '/data', DISK_SIGNING_SECRET: SECRET }, ['DISK_PUBLIC_URL: is not set']],
])('%j is refused', (source, expected) => {
  expect(problems(source as Record<string, string>)).toEqual(expected.map((text) => expect.stringContaining(text)));
});
