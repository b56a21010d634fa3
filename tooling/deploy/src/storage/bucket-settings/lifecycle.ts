import type { LifecycleRule, S3Client } from '@aws-sdk/client-s3';
import { settingsRequest } from './bucket-client.js';

/** Our rules are told from others by their id. */
const OURS = 'labelyard-';
/** What R2 does by itself; other servers keep parts of given-up uploads for ever. */
const ABORT_AFTER_DAYS = 7;
const QUARANTINE_DAYS = 30;

/**
 * A safety net under the product's own cleaning: uploads that were given up, and what was put aside. Exports are expired by the product,
 * row and object together: a rule on their prefix would take published versions with them.
 */
export function wantedLifecycle(): LifecycleRule[] {
  return [
    {
      ID: `${OURS}abort-uploads`,
      Status: 'Enabled',
      Filter: { Prefix: '' },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: ABORT_AFTER_DAYS },
    },
    {
      ID: `${OURS}quarantine`,
      Status: 'Enabled',
      Filter: { Prefix: 'quarantine/' },
      Expiration: { Days: QUARANTINE_DAYS },
    },
  ];
}

export async function readLifecycle(client: S3Client, bucket: string): Promise<LifecycleRule[]> {
  const { GetBucketLifecycleConfigurationCommand } = await import('@aws-sdk/client-s3');
  return settingsRequest('Lifecycle', bucket, async () => {
    try {
      return (await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }))).Rules ?? [];
    } catch (error) {
      if ((error as Error).name === 'NoSuchLifecycleConfiguration') return [];
      throw error;
    }
  });
}

/** Ours in place of ours; the rules of others stay. */
export function mergedLifecycle(there: readonly LifecycleRule[]): LifecycleRule[] {
  return [...there.filter(({ ID }) => !ID?.startsWith(OURS)), ...wantedLifecycle()];
}

export async function writeLifecycle(client: S3Client, bucket: string, rules: LifecycleRule[]): Promise<void> {
  const { PutBucketLifecycleConfigurationCommand } = await import('@aws-sdk/client-s3');
  await settingsRequest('Lifecycle', bucket, () =>
    client.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration: { Rules: rules } }),
    ),
  );
}

/** The same text for our rules that mean the same. */
export function normalisedLifecycle(rules: readonly LifecycleRule[]): string {
  return JSON.stringify(
    rules
      .filter(({ ID }) => ID?.startsWith(OURS))
      .map((rule) => [
        rule.ID,
        rule.Status,
        rule.Filter?.Prefix ?? rule.Prefix ?? '',
        rule.Expiration?.Days ?? null,
        rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation ?? null,
      ])
      .toSorted(),
  );
}
