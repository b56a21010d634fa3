import type { PutBody } from './driver.js';

/**
 * Cuts a body into parts of exactly `part_size` bytes, only the last may be shorter (R2 wants equal parts). At least one
 * part comes, empty for an empty body. Bytes in memory are cut without copying; a stream holds one part at a time.
 * Ending the iteration early, an error and an abort all destroy the source.
 */
export async function* equalParts(body: PutBody, part_size: number, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  signal?.throwIfAborted();
  if (body instanceof Uint8Array) {
    for (let start = 0; start === 0 || start < body.length; start += part_size) {
      yield body.subarray(start, start + part_size);
    }
    return;
  }
  let pieces: Uint8Array[] = [];
  let length = 0;
  let some = false;
  for await (const chunk of abortable(body, signal)) {
    let rest = chunk;
    while (length + rest.length >= part_size) {
      const fitting = part_size - length;
      yield Buffer.concat([...pieces, rest.subarray(0, fitting)], part_size);
      rest = rest.subarray(fitting);
      pieces = [];
      length = 0;
      some = true;
    }
    if (rest.length > 0) pieces.push(rest);
    length += rest.length;
  }
  if (length > 0 || !some) yield Buffer.concat(pieces, length);
}

/**
 * Chunks of a stream as bytes; stops waiting for the next one as soon as `signal` aborts, and throws its reason then.
 */
export async function* abortable(body: Exclude<PutBody, Uint8Array>, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const chunks: AsyncIterator<unknown, unknown> = body[Symbol.asyncIterator]();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  aborted.catch(() => undefined); // It may abort while nobody waits.
  const onAbort = () => reject(signal?.reason as Error);
  signal?.addEventListener('abort', onAbort, { once: true });
  let ended = false;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { done, value } = await Promise.race([chunks.next(), aborted]);
      if (done) {
        ended = true;
        return;
      }
      yield typeof value === 'string' ? Buffer.from(value) : (value as Uint8Array);
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    // Not awaited: a source that never answers must not keep the abort waiting.
    if (!ended) void Promise.resolve(chunks.return?.()).catch(() => undefined);
  }
}
