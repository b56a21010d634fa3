import { z } from 'zod';
import { secretProblem } from './auth-env.js';
import { environment, isStrict } from './runtime-env.js';
import { choice, flag, httpUrl, httpUrlProblem, integer, required, switchValue } from './variable.js';

const BUCKET = /^[a-z\d][a-z\d.-]{1,61}[a-z\d]$/u;
const bucket = required('the name of a bucket')
  .refine((name) => BUCKET.test(name), 'is no bucket name; use 3 to 63 small letters, digits, dots and hyphens')
  .optional();

/** Sample credentials of local servers, which must not reach the internet. */
const KNOWN_KEYS = ['minioadmin', 'minio', 'minio123', 'admin', 'test', 'changeme', 'access_key', 'secret_key'];

const variables = z.object({
  ENVIRONMENT: environment,
  STORAGE_DRIVER: choice(['s3', 'disk']).optional(),
  R2_ACCOUNT_ID: z.string().trim().optional(),
  S3_ENDPOINT: z.string().trim().optional(),
  S3_ACCESS_KEY: z.string().trim().optional(),
  S3_SECRET_KEY: z.string().trim().optional(),
  S3_BUCKET_DATASETS: bucket,
  S3_BUCKET_ANNOTATIONS: bucket,
  S3_REGION: z.string().trim().default('auto'),
  S3_USE_SSL: switchValue.optional(),
  S3_FORCE_PATH_STYLE: flag(true),
  DISK_ROOT: z.string().trim().optional(),
  DISK_PUBLIC_URL: httpUrl({ path: true }).optional(),
  DISK_SIGNING_SECRET: z.string().trim().optional(),
  JWT_SECRET: z.string().trim().optional(),
  PORT: integer(0, 65_535).default(8011),
});
type Variables = z.output<typeof variables>;

export interface S3Env {
  readonly driver: 's3';
  readonly endpoint: string;
  readonly region: string;
  readonly access_key: string;
  readonly secret_key: string;
  readonly force_path_style: boolean;
  readonly buckets: { readonly datasets: string; readonly annotations: string };
}

export interface DiskEnv {
  readonly driver: 'disk';
  readonly root: string;
  readonly public_url: string;
  readonly signing_secret: string;
}

type Problem = (name: keyof Variables, message: string) => void;

/**
 * Where objects are: what `createStorage` takes. Without STORAGE_DRIVER an S3 endpoint or an R2 account means s3, else
 * disk. Variables of the other driver are not looked at, so that a switch back needs no clean-up.
 */
export const storageEnv = variables.transform((env, context): S3Env | DiskEnv => {
  const problem: Problem = (name, message) => context.addIssue({ code: 'custom', path: [name], message });
  const driver = env.STORAGE_DRIVER ?? (env.S3_ENDPOINT || env.R2_ACCOUNT_ID ? 's3' : 'disk');
  return (driver === 's3' ? s3(env, problem) : disk(env, problem)) ?? z.NEVER;
});

function s3(env: Variables, problem: Problem): S3Env {
  const given = <Name extends 'S3_ACCESS_KEY' | 'S3_SECRET_KEY' | 'S3_BUCKET_DATASETS' | 'S3_BUCKET_ANNOTATIONS'>(
    name: Name,
    what: string,
  ) => {
    const value = env[name];
    if (value === undefined) problem(name, `is not set; set it to ${what}`);
    else if (value.includes('${')) problem(name, 'holds ${…}, which nothing replaces; write the value itself');
    else if (isStrict(env.ENVIRONMENT) && KNOWN_KEYS.includes(value.toLowerCase()))
      problem(name, 'is a sample value; use the credentials of your own storage');
    return value ?? '';
  };
  const buckets = {
    datasets: given('S3_BUCKET_DATASETS', 'the bucket for images'),
    annotations: given('S3_BUCKET_ANNOTATIONS', 'the bucket for exports'),
  };
  if (buckets.datasets && buckets.datasets === buckets.annotations)
    problem('S3_BUCKET_ANNOTATIONS', 'is the same as S3_BUCKET_DATASETS; use two buckets');
  return {
    driver: 's3',
    endpoint: endpoint(env, problem),
    region: env.S3_REGION,
    access_key: given('S3_ACCESS_KEY', 'the access key id'),
    secret_key: given('S3_SECRET_KEY', 'the secret access key'),
    force_path_style: env.S3_FORCE_PATH_STYLE,
    buckets,
  };
}

/** With a scheme as it is; without one S3_USE_SSL says which; from R2_ACCOUNT_ID when there is none. */
function endpoint(env: Variables, problem: Problem): string {
  if (env.S3_ENDPOINT === undefined) {
    if (env.R2_ACCOUNT_ID === undefined)
      problem('S3_ENDPOINT', 'is not set; set it to the storage’s address, or R2_ACCOUNT_ID for Cloudflare R2');
    else if (!/^[\da-f]{32}$/iu.test(env.R2_ACCOUNT_ID))
      problem('R2_ACCOUNT_ID', 'is no account id; set it to the 32 hexadecimal digits of the Cloudflare account');
    return `https://${env.R2_ACCOUNT_ID}.r2.cloudflarestorage.com`;
  }
  if (env.S3_ENDPOINT.includes('${')) {
    problem('S3_ENDPOINT', 'holds ${…}, which nothing replaces; leave it empty and set R2_ACCOUNT_ID');
    return '';
  }
  const has_scheme = env.S3_ENDPOINT.includes('://');
  const url = has_scheme ? env.S3_ENDPOINT : `${env.S3_USE_SSL === false ? 'http' : 'https'}://${env.S3_ENDPOINT}`;
  const trouble = httpUrlProblem(url, true);
  if (trouble) problem('S3_ENDPOINT', `${trouble}; set it to something like https://storage.example`);
  else if (has_scheme && env.S3_USE_SSL !== undefined && env.S3_USE_SSL !== url.startsWith('https:'))
    problem(
      'S3_USE_SSL',
      `is ${env.S3_USE_SSL} while S3_ENDPOINT begins with ${new URL(url).protocol}//; make them agree`,
    );
  return url.replace(/\/+$/u, '');
}

function disk(env: Variables, problem: Problem): DiskEnv {
  const strict = isStrict(env.ENVIRONMENT);
  if (env.DISK_ROOT === undefined)
    problem(
      'DISK_ROOT',
      'is not set; set it to the folder that is to hold the objects, or set S3_ENDPOINT (R2_ACCOUNT_ID) for buckets',
    );
  if (env.DISK_PUBLIC_URL === undefined && strict)
    problem('DISK_PUBLIC_URL', 'is not set; set it to the address under which browsers reach this API');
  // JWT_SECRET may serve: the key that signs URLs is derived from it and cannot sign tokens.
  const secret = env.DISK_SIGNING_SECRET ?? env.JWT_SECRET ?? '';
  const name = env.DISK_SIGNING_SECRET === undefined ? 'JWT_SECRET' : 'DISK_SIGNING_SECRET';
  const trouble = strict ? secretProblem(secret) : secret.length < 32 && 'is shorter than 32 characters';
  if (trouble)
    problem(name, `${trouble}; make one with \`openssl rand -base64 48\` (it signs the links to objects on disk)`);
  return {
    driver: 'disk',
    root: env.DISK_ROOT ?? '',
    public_url: env.DISK_PUBLIC_URL ?? `http://localhost:${env.PORT}`,
    signing_secret: secret,
  };
}
