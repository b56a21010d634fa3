import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineEnv, EnvError, isSecretName, PROCESS_ENV, PROCESS_NAMES, VARIABLES, type ProcessName } from './index.js';

const SECRET = 'k3J9vQ2mXw8Tz5Lr1Np7Yb4Hs6Df0GcA';
const PEOPLE = { USER_DB_URL: 'postgres://a@h/u', USER_DB_MANAGED: 'true' };
const LABELS = { LABELER_DB_URL: 'postgres://a@h/l' };
const S3 = { STORAGE_DRIVER: 's3', S3_ENDPOINT: 'https://s3.example', S3_ACCESS_KEY: 'a1', S3_SECRET_KEY: 'b1' };
const BUCKETS = { S3_BUCKET_DATASETS: 'images', S3_BUCKET_ANNOTATIONS: 'exports' };
const MAIL = { SMTP_HOST: 'h', MAIL_FROM: 'a@b', WEB_URL: 'http://w', SMTP_USER: 'u', SMTP_PASSWORD: 'p' };
const pieces = (name: string) => ({ [`${name}_HOST`]: 'h', [`${name}_NAME`]: 'n', [`${name}_USER`]: 'u' });

/** Installations that between them look at every variable. */
const INSTALLATIONS: readonly Record<string, string>[] = [
  { ...PEOPLE, ...LABELS, JWT_SECRET: SECRET, DISK_ROOT: '/d' },
  { ...PEOPLE, ...LABELS, JWT_SECRET: SECRET, ...S3, ...BUCKETS, ...MAIL },
  { ...PEOPLE, ...pieces('LABELER_DB'), JWT_SECRET: SECRET, DISK_ROOT: '/d' },
  { ...pieces('USER_DB'), DATABASE_URL: 'postgres://a@h/l', JWT_SECRET: SECRET, DISK_ROOT: '/d' },
  { ...PEOPLE, ...LABELS, DB_SSL: 'pin', DB_SSL_FINGERPRINT: 'ab'.repeat(32), JWT_SECRET: SECRET, DISK_ROOT: '/d' },
  { ...PEOPLE, ...LABELS, LABELER_DB_SSL: 'require', USER_DB_SSL: 'require', JWT_SECRET: SECRET, DISK_ROOT: '/d' },
  { R2_ACCOUNT_ID: 'ab'.repeat(16) },
];

/** What a process makes of an environment: its values, or its complaints. */
function made(process: ProcessName, env: Record<string, string>): string {
  try {
    return JSON.stringify(defineEnv(PROCESS_ENV[process], env));
  } catch (error) {
    if (error instanceof EnvError) return error.message;
    throw error;
  }
}

const reads = (process: ProcessName, name: string) =>
  INSTALLATIONS.some((env) =>
    ['postgres://x@y/probe', 'probe-value-of-more-than-32-characters', 'production', '7'].some(
      (value) => made(process, { ...env, [name]: value }) !== made(process, env),
    ),
  );

test.each(VARIABLES.filter(({ group }) => group !== 'start'))(
  'the table says who reads $name: $processes',
  ({ name, processes }) => {
    expect(PROCESS_NAMES.filter((process) => reads(process, name))).toEqual(
      PROCESS_NAMES.filter((process) => processes.includes(process)),
    );
  },
);

test('every variable a fragment names is in the table', () => {
  const folder = import.meta.dirname;
  const names = new Set<string>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('-env.ts'))) {
    const source = readFileSync(join(folder, file), 'utf8');
    for (const [, name] of source.matchAll(/\benv\.([A-Z][A-Z\d_]+)|'([A-Z][A-Z\d]*(?:_[A-Z\d]+)+)'/gu))
      if (name) names.add(name);
    for (const [, name] of source.matchAll(/^\s+([A-Z][A-Z\d_]+):/gmu)) names.add(name ?? '');
    for (const [, prefix] of source.matchAll(/pieces: '(\w+)'/gu))
      for (const part of ['URL', 'HOST', 'PORT', 'NAME', 'USER', 'PASSWORD', 'SSL', 'SSL_CA', 'SSL_FINGERPRINT'])
        names.add(`${prefix}_${part}`);
    for (const [, list = ''] of source.matchAll(/urls: \[([^\]]+)\]/gu))
      for (const [, name = ''] of list.matchAll(/'(\w+)'/gu)) names.add(name);
  }
  expect(names.size).toBeGreaterThan(60);
  expect([...names].filter((name) => !VARIABLES.some((known) => known.name === name))).toEqual([]);
});

test('the table speaks of each variable once, and gives an example', () => {
  expect(new Set(VARIABLES.map(({ name }) => name)).size).toBe(VARIABLES.length);
  for (const { example, says } of VARIABLES) expect([example, says].every(Boolean)).toBe(true);
});

test('secrets are known by name, also those of other programs', () => {
  for (const name of [
    'JWT_SECRET',
    'LABELER_DB_URL',
    'S3_ACCESS_KEY',
    'SENTRY_AUTH_TOKEN',
    'DATABASE_PUBLIC_URL',
    'STRIPE_API_KEY',
  ])
    expect([name, isSecretName(name)]).toEqual([name, true]);
  for (const name of ['PORT', 'LABELER_DB_HOST', 'S3_ENDPOINT', 'JWT_EXPIRES_SECONDS', 'KEYBOARD'])
    expect([name, isSecretName(name)]).toEqual([name, false]);
});
