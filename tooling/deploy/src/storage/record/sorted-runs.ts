import { join } from 'node:path';
import { compareBytewise } from '@labelyard/storage';
import { openLineWriter, readLines } from './ndjson.js';
import type { Keyed } from '../join/join-by-key.js';

/** Objects of which as many are held in memory at once, some 30 MB of them. */
const RUN = 100_000;

/**
 * Sorts any number of items by the bytes of their keys into files of `folder`; of items with one key the last counts. Answers the runs,
 * older ones first, each sorted and without doubles.
 */
export async function sortedRuns<T extends Keyed>(
  items: AsyncIterable<T>,
  folder: string,
  run_size = RUN,
): Promise<AsyncIterable<T>[]> {
  const paths: string[] = [];
  let run = new Map<string, T>();
  for await (const item of items) {
    run.set(item.key, item);
    if (run.size >= run_size) await spill();
  }
  if (paths.length === 0) return run.size > 0 ? [inOrder(run)] : [];
  if (run.size > 0) await spill();
  return paths.map((path) => readLines<T>(path));

  async function spill(): Promise<void> {
    const path = join(folder, `run-${paths.length}.ndjson`);
    const writer = await openLineWriter(path);
    for await (const item of inOrder(run)) await writer.write(item);
    await writer.close();
    paths.push(path);
    run = new Map();
  }
}

async function* inOrder<T extends Keyed>(items: Map<string, T>): AsyncGenerator<T> {
  yield* [...items.values()].sort((a, b) => compareBytewise(a.key, b.key));
}
