import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What the proxy does to one exchange instead of passing it on whole. */
export type Fault =
  | { readonly answer: number; readonly retry_after?: number; readonly code?: string }
  /** Closes the connection before the server has seen anything. */
  | { readonly cut: 'at once' }
  /** Lets the server do it, and closes the connection instead of answering. */
  | { readonly cut: 'answer' }
  /** Passes on that many bytes of the answer's body, then closes the connection. */
  | { readonly cut_body_after: number }
  | { readonly slow_ms: number };

interface AllFaults {
  answer: number;
  retry_after: number;
  code: string;
  cut: 'at once' | 'answer';
  cut_body_after: number;
  slow_ms: number;
}

export interface FaultyProxy {
  /** Where to talk to instead of the server. */
  readonly endpoint: string;
  /** Decides about each exchange; `undefined` passes it on. */
  fault: (method: string, url: string) => Fault | undefined;
  /** Exchanges so far, faulty ones among them. */
  readonly seen: string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** A proxy in front of a real server that makes it fail in the ways networks and busy servers do. */
export async function faultyProxy(endpoint: string): Promise<FaultyProxy> {
  const target = new URL(endpoint);
  const server = createServer((incoming, outgoing) => {
    void handle(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: FaultyProxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}${target.pathname.replace(/\/$/u, '')}`,
    fault: () => undefined,
    seen: [],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const [method, url] = [incoming.method ?? '', incoming.url ?? ''];
    proxy.seen.push(`${method} ${url}`);
    const fault: Partial<AllFaults> = proxy.fault(method, url) ?? {};
    if (fault.answer !== undefined) {
      incoming.resume();
      const again = fault.retry_after === undefined ? {} : { 'retry-after': `${fault.retry_after}` };
      outgoing.writeHead(fault.answer, { 'content-type': 'application/xml', ...again });
      const { code = 'SlowDown' } = fault;
      return void outgoing.end(method === 'HEAD' ? undefined : `<Error><Code>${code}</Code></Error>`);
    }
    if (fault.cut === 'at once') return void incoming.socket.destroy();
    if (fault.slow_ms !== undefined) await delay(fault.slow_ms);
    // The signature covers the Host header, which stays what the client sent.
    const onward = request({
      host: target.hostname,
      port: target.port,
      method,
      path: url,
      headers: incoming.headers,
      agent: false,
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
    const answer = await new Promise<IncomingMessage>((resolve) => onward.once('response', resolve));
    if (fault.cut === 'answer') return void answer.resume().once('end', () => incoming.socket.destroy());
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    if (fault.cut_body_after === undefined) return void answer.pipe(outgoing);
    let left = fault.cut_body_after;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      outgoing.write(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0) break;
    }
    outgoing.destroy();
  }
}
