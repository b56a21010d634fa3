// A load of HTTP requests over kept-alive connections, loopback only, bounded in time. Its own client, because every
// general one spends more on a small answer than the server does, and takes that from the same two cores.
import { connect } from 'node:net';
import { percentile } from './statistics.mjs';

const HEAD_END = Buffer.from('\r\n\r\n');
const STUCK_MS = 30_000;

/**
 * @typedef {object} Load
 * @property {number} wall_ms
 * @property {number} count answers
 * @property {number} p50 ms
 * @property {number} p95
 * @property {number} p99
 * @property {number[]} latencies_ms
 *
 * @typedef {object} LoadOptions
 * @property {number} port
 * @property {readonly Buffer[]} requests whole requests, sent in turn
 * @property {number} connections
 * @property {number} [duration_ms] no request begins after this
 * @property {number} [most] requests
 * @property {boolean} [busy] never sleeps: else waking this process is counted as the server's work, at each answer it waited for
 */

/**
 * A request as bytes.
 *
 * @param {{ method?: string, path: string, token?: string, body?: string | Buffer, type?: string }} request
 * @returns {Buffer}
 */
export function requestBytes({ method = 'GET', path, token, body, type = 'application/json' }) {
  const bytes = typeof body === 'object' ? body : Buffer.from(body ?? '');
  const lines = [`${method} ${path} HTTP/1.1`, 'host: 127.0.0.1', 'accept: application/json'];
  if (token) lines.push(`authorization: Bearer ${token}`);
  if (body !== undefined) lines.push(`content-type: ${type}`, `content-length: ${bytes.length}`);
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytes]);
}

/**
 * @param {LoadOptions} options
 * @returns {Promise<Load>}
 * @throws {Error} at the first answer that is not 2xx, and when a connection breaks
 */
export async function httpLoad({ port, requests, connections, duration_ms = Infinity, most = Infinity, busy = false }) {
  if (duration_ms === Infinity && most === Infinity) throw new Error('A load needs an end');
  /** @type {number[]} */
  const latencies_ms = [];
  const started = performance.now();
  let sent = 0;
  const next = () => {
    if (sent >= most || performance.now() - started >= duration_ms) return null;
    return /** @type {Buffer} */ (requests[sent++ % requests.length]);
  };
  const load = Promise.all(Array.from({ length: connections }, () => drive(port, next, latencies_ms)));
  if (busy) stayAwakeUntil(load);
  await load;
  const wall_ms = performance.now() - started;
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((p) => percentile(latencies_ms, p));
  return { wall_ms, count: latencies_ms.length, p50: p50 ?? NaN, p95: p95 ?? NaN, p99: p99 ?? NaN, latencies_ms };
}

/** @param {Promise<unknown>} end */
function stayAwakeUntil(end) {
  let ended = false;
  const again = () => void (ended || setImmediate(again));
  again();
  const stop = () => void (ended = true);
  end.then(stop, stop);
}

/**
 * One connection, one request at a time.
 *
 * @param {number} port
 * @param {() => Buffer | null} next
 * @param {number[]} latencies
 * @returns {Promise<void>}
 */
function drive(port, next, latencies) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  const answer = new AnswerReader();
  let begun = 0;
  const send = () => {
    const request = next();
    if (!request) {
      socket.destroy();
      return resolve(undefined);
    }
    begun = performance.now();
    socket.write(request);
  };
  socket.setTimeout(STUCK_MS, () => socket.destroy(new Error(`No answer within ${STUCK_MS / 1000} s`)));
  socket.on('error', reject);
  socket.on('close', () => reject(new Error('The server closed a connection')));
  socket.on('connect', send);
  socket.on('data', (chunk) => {
    try {
      if (!answer.read(chunk)) return;
      latencies.push(performance.now() - begun);
      send();
    } catch (error) {
      socket.destroy(/** @type {Error} */ (error));
    }
  });
  return promise;
}

/** Finds the ends of answers with a Content-Length; looks at nothing else of a good one. */
class AnswerReader {
  /** @type {Buffer | null} */
  #head = null;
  #missing = 0;

  /** @param {Buffer} chunk @returns {boolean} whether the answer is complete */
  read(chunk) {
    if (this.#missing > 0) {
      this.#missing -= chunk.length;
      return this.#missing === 0;
    }
    const bytes = this.#head ? Buffer.concat([this.#head, chunk]) : chunk;
    const end = bytes.indexOf(HEAD_END);
    if (end < 0) {
      this.#head = bytes;
      return false;
    }
    this.#head = null;
    const head = bytes.toString('latin1', 0, end);
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    if (!/^HTTP\/1\.1 2/.test(head) || length === undefined)
      throw new Error(`Unexpected answer: ${head}\n${bytes.toString('utf8', end + 4, end + 504)}`);
    this.#missing = Number(length) - (bytes.length - end - HEAD_END.length);
    return this.#missing === 0;
  }
}
