/**
 * Does `work` when it is called first, and answers the same ever after: for what a transaction does in the other database, which
 * is not undone when the transaction is run again.
 */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
}
