import type { CORSRule, S3Client } from '@aws-sdk/client-s3';
import { YardError } from '../../cli/yard-error.js';
import { settingsRequest } from './bucket-client.js';

/** What browsers need to show images and to upload in parts straight to the bucket. */
export function wantedCors(origins: readonly string[]): CORSRule[] {
  for (const origin of origins) {
    const { origin: plain } = new URL(origin);
    if (origin !== plain)
      throw new YardError('bad_input', `"${origin}" is no origin; S3 compares it as text.`, `Write it as ${plain}.`);
  }
  if (origins.length === 0)
    throw new YardError(
      'bad_input',
      'CORS_ORIGINS is empty: no browser could upload.',
      'Set it to the address of the web app.',
    );
  return [
    {
      AllowedOrigins: [...origins],
      AllowedMethods: ['GET', 'HEAD', 'PUT'],
      AllowedHeaders: ['content-type', 'content-md5', 'x-amz-meta-*'],
      ExposeHeaders: ['ETag'],
      MaxAgeSeconds: 3600,
    },
  ];
}

/** The rules of a bucket; none where it never had any. */
export async function readCors(client: S3Client, bucket: string): Promise<CORSRule[]> {
  const { GetBucketCorsCommand } = await import('@aws-sdk/client-s3');
  return settingsRequest('CORS', bucket, async () => {
    try {
      return (await client.send(new GetBucketCorsCommand({ Bucket: bucket }))).CORSRules ?? [];
    } catch (error) {
      if ((error as Error).name === 'NoSuchCORSConfiguration') return [];
      throw error;
    }
  });
}

export async function writeCors(client: S3Client, bucket: string, rules: CORSRule[]): Promise<void> {
  const { PutBucketCorsCommand } = await import('@aws-sdk/client-s3');
  await settingsRequest('CORS', bucket, () =>
    client.send(new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: { CORSRules: rules } })),
  );
}

/** The same text for rules that mean the same. */
export function normalisedCors(rules: readonly CORSRule[]): string {
  const sorted = (values: readonly string[] = [], small = false) =>
    values.map((value) => (small ? value.toLowerCase() : value)).toSorted();
  return JSON.stringify(
    rules.map((rule) => [
      sorted(rule.AllowedOrigins),
      sorted(rule.AllowedMethods),
      sorted(rule.AllowedHeaders, true),
      sorted(rule.ExposeHeaders, true),
      rule.MaxAgeSeconds ?? null,
    ]),
  );
}

export interface Preflight {
  readonly origin: string;
  readonly expected: 'allowed' | 'denied';
  readonly ok: boolean;
  readonly says: string;
}

/** Asks the server as a browser would before an upload. */
export async function preflight(url: string, origin: string, expected: Preflight['expected']): Promise<Preflight> {
  const response = await fetch(url, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type' },
  });
  await response.body?.cancel();
  const allowed = response.headers.get('access-control-allow-origin');
  const methods = response.headers.get('access-control-allow-methods') ?? '';
  const lets_in = response.ok && (allowed === origin || allowed === '*') && methods.includes('PUT');
  return {
    origin,
    expected,
    ok: lets_in === (expected === 'allowed'),
    says: `${response.status}, allow-origin ${allowed ?? 'none'}, allow-methods ${methods || 'none'}`,
  };
}
