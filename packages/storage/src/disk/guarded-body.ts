import { Readable } from 'node:stream';

/**
 * The bytes of `source`, failing with `translate`'s errors and with `signal.reason`. Destroying it destroys the source.
 */
export function guardedBody(source: Readable, translate: (error: unknown) => unknown, signal?: AbortSignal): Readable {
  source.pause();
  const onAbort = () => body.destroy(signal?.reason as Error);
  const body = new Readable({
    read: () => void source.resume(),
    destroy(error, done) {
      signal?.removeEventListener('abort', onAbort);
      source.destroy();
      done(error);
    },
  });
  source.on('data', (chunk: Buffer) => {
    if (!body.push(chunk)) source.pause();
  });
  source.on('end', () => body.push(null));
  source.on('error', (error) => body.destroy(translate(error) as Error));
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  return body;
}
