import { ObjectNotFound, type StorageDriver } from '@labelyard/storage';

/**
 * Finds keys that R2 would take for one object: those equal in NFC. Only keys that are not in NFC can be the second of two, and there are
 * few of them, so each is looked up and none but them is kept.
 */
export function spellingCheck(
  source: StorageDriver,
  signal?: AbortSignal,
): (key: string) => Promise<'unique' | 'not_nfc' | 'nfc_collision'> {
  const seen = new Set<string>();
  return async (key) => {
    const nfc = key.normalize('NFC');
    if (nfc === key) return 'unique';
    if (seen.has(nfc)) return 'nfc_collision';
    seen.add(nfc);
    try {
      await source.head(nfc, { ...(signal && { signal }) });
      return 'nfc_collision';
    } catch (error) {
      if (error instanceof ObjectNotFound) return 'not_nfc';
      throw error;
    }
  };
}
