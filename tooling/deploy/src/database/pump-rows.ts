import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Session } from './session.js';

/**
 * Streams rows from a `COPY … TO STDOUT` on one side into a `COPY … FROM STDIN` on the other.
 *
 * @returns rows that arrived
 * @throws YardError naming the side that failed first
 */
export async function pumpRows(
  { source, target }: { readonly source: Session; readonly target: Session },
  { out, into, onBytes }: { out: string; into: string; onBytes?: (bytes: number) => void },
): Promise<number> {
  const reading = source.client.query(copyTo(out));
  const writing = target.client.query(copyFrom(into));
  let failed: Session | undefined;
  reading.once('error', () => (failed ??= source));
  writing.once('error', () => (failed ??= target));
  if (onBytes) reading.on('data', (chunk: Buffer) => onBytes(chunk.length));
  await pipeline(reading, writing).catch((error: unknown) => {
    throw (failed ?? source).explain(error);
  });
  return writing.rowCount;
}
