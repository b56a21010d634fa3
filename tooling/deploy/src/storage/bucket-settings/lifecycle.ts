import type { LifecycleRule, S3Client } from '@aws-sdk/client-s3';
import type { BucketName } from '../../ends/open-ends.js';
import { settingsRequest } from './bucket-client.js';

/** Our rules are told from others by their id. */
const OURS = 'labelyard-';
/** What R2 does by itself; other servers keep parts of given-up uploads for ever. */
const ABORT_AFTER_DAYS = 7;
const QUARANTINE_DAYS = 30;

/** A safety net under the product's own cleaning (`clearedOtherwise`): uploads that were given up, and what was put aside. */
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

/** Why the rules say nothing of the rest of a bucket, and what clears that. */
export function clearedOtherwise(
  bucket: BucketName,
  { retention_days }: { readonly retention_days: number },
): string[] {
  if (bucket === 'datasets')
    return [
      'no rule for pictures and thumbnails: they stay until somebody deletes them',
      'no rule for uploads that were given up ({dataset}/uploads/…): the API’s workers delete them when they expire',
    ];
  const when = retention_days === 0 ? 'somebody deletes them' : `they are ${retention_days} days old`;
  return [
    `no rule for exports: the API’s workers delete them, every ten minutes, when ${when} (EXPORT_RETENTION_DAYS)`,
    '  a rule is for the beginning of a key, and {project}/exports/… is also where published versions are, which stay',
    'no rule for backups/: yard db backup keeps them in order',
  ];
}

/** What may be deleted by its age without the databases missing it. */
const MAY_EXPIRE = /^(?:quarantine|backups)\//u;

/** Rules of others that delete objects the databases go on speaking of, in words. */
export function dangerousRules(rules: readonly LifecycleRule[]): string[] {
  return rules.flatMap(({ ID, Status, Filter, Prefix, Expiration }) => {
    const prefix = Filter?.Prefix ?? Filter?.And?.Prefix ?? Prefix ?? '';
    const expires = Expiration?.Days !== undefined || Expiration?.Date !== undefined;
    if (Status !== 'Enabled' || !expires || MAY_EXPIRE.test(prefix)) return [];
    return [
      `rule ${JSON.stringify(ID ?? '')} deletes ${prefix ? `what begins with ${JSON.stringify(prefix)}` : 'everything'} by its age: pictures, versions and exports would be missing. Take it away`,
    ];
  });
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
