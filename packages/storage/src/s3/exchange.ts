// One HTTP exchange on a kept connection. Neither by the SDK, which takes several times the processor time per request, nor by node:http,
// which takes twice that of undici: objects are moved, exported and shown by the thousand (tooling/bench, storage-sync).
import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { Dispatcher, Pool } from 'undici';

/** More than callers use at once: waiting for a free connection would count as waiting for the server. */
const MAX_CONNECTIONS = 256;
/** Enough for any error document. */
const MAX_ERROR_BYTES = 64 * 1024;

export interface Exchange {
  method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  /** Encoded path and query. */
  path: string;
  headers: Record<string, string>;
  body?: Uint8Array | Readable;
  signal?: AbortSignal;
  /** What the answer's body fails with, from what the socket throws. An abort's reason comes through unchanged. */
  translate?: (error: unknown) => unknown;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Must be read to the end or destroyed. */
  body: Readable;
}

export interface HttpOrigin {
  /** Resolves with whatever status comes; throws what the socket throws. */
  exchange: (request: Exchange) => Promise<Answer>;
  close: () => void;
}

/** Connections to one server. */
export function openOrigin(
  { origin }: URL,
  { connect_ms, idle_ms }: { connect_ms: number; idle_ms: number },
): HttpOrigin {
  let pool: Promise<Pool> | undefined;
  /** Loaded with the first request: not every program that has a storage makes one. */
  const open = async () => {
    const { default: PoolOnly } = await import('undici/lib/dispatcher/pool.js');
    return new PoolOnly(origin, {
      connections: MAX_CONNECTIONS,
      connect: { timeout: connect_ms },
      headersTimeout: idle_ms,
      bodyTimeout: idle_ms,
    });
  };
  return {
    async exchange({ signal, translate, ...request }) {
      const opened = await (pool ??= open());
      return new Promise((resolve, reject) => {
        opened.dispatch(request, answerTo({ signal, translate }, resolve, reject));
      });
    },
    close: () => void pool?.then((opened) => opened.destroy()),
  };
}

/** Once it is answered, what breaks is told by the body. */
function answerTo(
  { signal, translate = (error) => error }: Pick<Exchange, 'signal' | 'translate'>,
  resolve: (answer: Answer) => void,
  reject: (error: Error) => void,
): Dispatcher.DispatchHandler {
  let body: Readable | undefined;
  let ended = false;
  let stop: (() => void) | undefined;
  const end = () => {
    ended = true;
    if (stop) signal?.removeEventListener('abort', stop);
  };
  return {
    onRequestStart(controller) {
      if (!signal) return;
      stop = () => controller.abort(signal.reason as Error);
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    },
    onResponseStart(controller, status, headers) {
      // The answer is yet to come (103 Early Hints).
      if (status < 200) return;
      body = new Readable({
        read: () => controller.resume(),
        destroy(error, done) {
          if (!ended) controller.abort(error ?? new Error('Nobody reads on.'));
          done(error);
        },
      });
      resolve({ status, headers, body });
    },
    onResponseData(controller, chunk) {
      if (body?.push(chunk) === false) controller.pause();
    },
    onResponseEnd() {
      end();
      body?.push(null);
    },
    onResponseError(_controller, error) {
      end();
      if (body) body.destroy(signal?.aborted ? (signal.reason as Error) : (translate(error) as Error));
      else reject(error);
    },
  };
}

/** Lets what follows an answer pass by. The answer stands, also where the connection breaks before its body has ended. */
export function passOver({ body }: Answer): void {
  body.on('error', () => undefined).resume();
}

/** What a server says about a refusal, in the shape in which the SDK throws it. */
export async function refusalOf({ status, headers, body }: Answer): Promise<Error> {
  let text = '';
  for await (const chunk of body as AsyncIterable<Buffer>) {
    text += chunk.toString();
    if (text.length > MAX_ERROR_BYTES) break;
  }
  const [, code] = /<Code>([^<]{1,100})<\/Code>/.exec(text) ?? [];
  const [, message = ''] = /<Message>([^<]{1,1000})<\/Message>/.exec(text) ?? [];
  const retry_after = Number(headers['retry-after']);
  return Object.assign(new Error(message), {
    name: code ?? 'UnknownError',
    $metadata: { httpStatusCode: status },
    ...(retry_after > 0 && { retry_after }),
  });
}
