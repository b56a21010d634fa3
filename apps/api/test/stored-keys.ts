import type { StorageDriver } from '@labelyard/storage';

/** What lies under a prefix, in the storage's order. */
export async function storedKeys(bucket: StorageDriver, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of bucket.list(prefix)) keys.push(key);
  return keys;
}
