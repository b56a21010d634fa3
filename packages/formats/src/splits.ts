import { SPLITS, type Split } from '@labelyard/domain';

export { DEFAULT_SHARES, pathHash, splitOf, type SplitShares } from '@labelyard/domain';

/** Splits by the names that people give their folders. */
export function splitNamed(name: string): Split | null {
  const lower = name.toLowerCase();
  if (lower === 'valid' || lower === 'validation') return 'val';
  return SPLITS.find((split) => split === lower) ?? null;
}
