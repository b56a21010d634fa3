// One HTTP exchange on a kept connection. Ours because the SDK takes several times the CPU per request, and objects are moved,
// exported and shown by the thousand (tooling/bench, storage-sync).
import {
  Agent as HttpAgent,
  type ClientRequest,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** More than callers use at once: waiting for a free socket would count as waiting for the server. */
const MAX_SOCKETS = 256;
/** Enough for any error document. */
const MAX_ERROR_BYTES = 64 * 1024;

export interface Exchange {
  method: string;
  /** Encoded path and query. */
  path: string;
  headers: Record<string, string | number>;
  body?: Uint8Array | Readable;
  signal?: AbortSignal;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Must be read to the end or destroyed. */
  body: IncomingMessage;
}

export interface HttpOrigin {
  /** Resolves with whatever status comes; throws what the socket throws. */
  exchange: (request: Exchange) => Promise<Answer>;
  close: () => void;
}

/** Connections to one server. */
export function openOrigin(origin: URL, { connect_ms, idle_ms }: { connect_ms: number; idle_ms: number }): HttpOrigin {
  const secure = origin.protocol === 'https:';
  const agent = new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: MAX_SOCKETS, scheduling: 'lifo' });
  const open = secure ? httpsRequest : httpRequest;
  const where = { agent, hostname: origin.hostname.replace(/^\[|\]$/g, ''), port: origin.port };

  return {
    async exchange({ method, path, headers, body, signal }) {
      const request = open({ ...where, method, path, headers });
      const answered = answerOf(request);
      if (signal) stopWith(signal, request);
      request.setTimeout(idle_ms, () => request.destroy(timeout(`nothing came for ${idle_ms} ms`)));
      request.once('socket', (socket) => {
        if (!socket.connecting) return;
        const late = setTimeout(() => request.destroy(timeout(`no connection within ${connect_ms} ms`)), connect_ms);
        socket.once('connect', () => clearTimeout(late)).once('close', () => clearTimeout(late));
      });
      if (body === undefined || body instanceof Uint8Array) request.end(body);
      else {
        // A server that refuses early closes while we still send: what it answered counts, not the broken pipe.
        const sent = pipeline(body, request);
        sent.catch(() => undefined);
        answered.catch(() => body.destroy());
        const early = await Promise.race([answered, sent.then(() => undefined)]);
        if (early && (early.statusCode ?? 0) >= 300) body.destroy();
        else await sent;
      }
      const response = await answered;
      return { status: response.statusCode ?? 0, headers: response.headers, body: response };
    },
    close: () => agent.destroy(),
  };
}

/** Once it is answered, what breaks is told by the body. */
function answerOf(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve).on('error', reject);
  });
}

/** What `request({ signal })` does, without a watch over the whole stream: every object makes two requests. */
function stopWith(signal: AbortSignal, request: ClientRequest): void {
  const stop = () => void request.destroy();
  if (signal.aborted) return stop();
  signal.addEventListener('abort', stop, { once: true });
  request.once('close', () => signal.removeEventListener('abort', stop));
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

function timeout(message: string): Error {
  return Object.assign(new Error(message), { name: 'TimeoutError', code: 'ETIMEDOUT' });
}
