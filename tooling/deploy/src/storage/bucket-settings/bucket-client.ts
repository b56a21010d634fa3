import type { S3Client } from '@aws-sdk/client-s3';
import type { S3StorageOptions, StorageOptions } from '@labelyard/storage';
import { YardError } from '../../cli/yard-error.js';

/** An S3 storage's options. @throws YardError bad_input for a folder, which has no settings of its own */
export function s3Of(options: StorageOptions, what: string): S3StorageOptions {
  if (options.driver === 's3') return options;
  throw new YardError(
    'bad_input',
    `A storage on disk has no ${what}: the API serves its objects.`,
    'Name an environment whose STORAGE_DRIVER is s3.',
  );
}

/** Client for a bucket's own settings. The SDK is loaded for it: most commands do without. */
export async function bucketClient({
  endpoint,
  region = 'auto',
  access_key,
  secret_key,
  force_path_style = true,
}: S3StorageOptions): Promise<S3Client> {
  const { S3Client } = await import('@aws-sdk/client-s3');
  return new S3Client({
    endpoint,
    region,
    forcePathStyle: force_path_style,
    credentials: { accessKeyId: access_key, secretAccessKey: secret_key },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}

/** Runs one request about a bucket's settings; says what a refusal means. @throws YardError */
export async function settingsRequest<T>(what: string, bucket: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    const status = $metadata?.httpStatusCode;
    const refuse = (exit: 'failed' | 'unavailable', why: string, next: string) =>
      new YardError(exit, `${what} of bucket "${bucket}": ${why} (${status ?? ''} ${name}).`, next, { cause: error });
    if (status === 501)
      throw refuse('failed', 'this server has no such setting', 'Set it where the server is configured.');
    if (status === 401 || status === 403)
      throw refuse(
        'unavailable',
        'these credentials may not',
        'Use a token that may administer buckets (R2: "Admin Read & Write"); the runtime’s object token may not.',
      );
    if (status === 404 && name === 'NoSuchBucket')
      throw refuse('unavailable', 'there is no such bucket', 'Create it, or correct its name.');
    if (status === undefined)
      throw refuse('unavailable', message, 'Check that the server runs and is reached from here: yard doctor.');
    if (status >= 500)
      throw refuse('unavailable', message, 'Wait until it is well (yard doctor), then run the same command again.');
    throw refuse(
      'failed',
      `this server does not take it: ${message}`,
      'Set what it does take with its own tools. (MinIO has no rule for uploads that were given up: it clears them by itself.)',
    );
  }
}
