/**
 * Runs `work` for every item, at most `limit` at once; answers in the order of the items. After a failure nothing more is
 * begun, what runs is waited for, and the first error is thrown.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  const entries = items.entries();
  let failure: { error: unknown } | null = null;
  const lane = async () => {
    for (const [index, item] of entries) {
      if (failure) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  if (failure) throw (failure as { error: unknown }).error;
  return results;
}
