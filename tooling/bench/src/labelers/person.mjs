// A person at work as the web app is one: each call waits for the one before, goes to the next replica as behind a load
// balancer, and an event stream is open all the time.
import { Agent, request } from 'node:http';
import { endpointUrl } from '@labelyard/contract';

/**
 * @typedef {object} Call
 * @property {string} name what it counts as
 * @property {import('@labelyard/contract').EndpointName} endpoint
 * @property {object} [params]
 * @property {object} [body]
 * @property {readonly number[]} [also] statuses beside 2xx that are no error
 *
 * @typedef {{ status: number, body: any }} Answer
 * @typedef {{ name: string, method: 'GET' | 'POST', ms: number, error: string | null }} Measured
 */

const POSTS = /^(annotations\.operations|locks\.(acquire|heartbeat|release)|images\.confirm|live\.look)$/;
const STUCK_MS = 30_000;

export class Person {
  #agent = new Agent({ keepAlive: true });
  #turn = 0;
  /** @type {import('node:http').ClientRequest | undefined} */
  #stream;
  /** Given by the stream's greeting. */
  stream_id = '';
  /** Events heard, and how often the stream was told to read anew or broke. */
  heard = { events: 0, breaks: 0 };

  /**
   * @param {{ id: string, token: string, ports: readonly number[], start: number, measured: (call: Measured) => void }} options
   *   `start`: which replica is asked first
   */
  constructor({ id, token, ports, start, measured }) {
    this.id = id;
    this.token = token;
    this.ports = ports;
    this.measured = measured;
    this.#turn = start;
  }

  /** @param {Call} call @returns {Promise<Answer | null>} null after an error, which is counted */
  async ask({ name, endpoint, params = {}, body, also = [] }) {
    const method = POSTS.test(endpoint) ? 'POST' : 'GET';
    const path = endpointUrl(endpoint, /** @type {never} */ (params));
    const begun = performance.now();
    /** @type {string | null} */
    let error = null;
    /** @type {Answer | null} */
    let answer = null;
    try {
      answer = await this.#send(method, path, body === undefined ? undefined : JSON.stringify(body));
      const { status } = answer;
      if ((status < 200 || status > 299) && !also.includes(status))
        error = `${name}: ${status} ${JSON.stringify(answer.body)?.slice(0, 300)}`;
    } catch (cause) {
      error = `${name}: ${cause instanceof Error ? cause.message : cause}`;
    }
    this.measured({ name, method, ms: performance.now() - begun, error });
    return error === null ? answer : null;
  }

  /**
   * @param {number} project_id
   * @returns {Promise<void>} greeted
   */
  listen(project_id) {
    const { promise, resolve, reject } = Promise.withResolvers();
    const path = endpointUrl('live.events', { project_id });
    const stream = request({ ...this.#at(path), method: 'GET', agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('latin1').on('data', (/** @type {string} */ chunk) => {
        text += chunk;
        const end = text.lastIndexOf('\n\n');
        if (end < 0) return;
        const whole = text.slice(0, end);
        text = text.slice(end + 2);
        this.heard.events += whole.split('\n\n').length;
        if (whole.includes('event: resync')) this.heard.breaks += 1;
        const greeting = this.stream_id === '' && /"stream_id":"([^"]+)"/.exec(whole)?.[1];
        if (greeting) {
          this.stream_id = greeting;
          resolve(undefined);
        }
      });
      answer.on('close', () => {
        if (this.#stream === stream) this.heard.breaks += 1;
        reject(new Error('The event stream was closed'));
      });
    });
    stream.on('error', reject);
    stream.end();
    this.#stream = stream;
    return promise;
  }

  leave() {
    const stream = this.#stream;
    this.#stream = undefined;
    stream?.destroy();
    this.#agent.destroy();
  }

  /** @param {string} path */
  #at(path) {
    const port = this.ports[this.#turn++ % this.ports.length];
    const headers = { authorization: `Bearer ${this.token}` };
    return { host: '127.0.0.1', port, path, headers };
  }

  /** @param {'GET' | 'POST'} method @param {string} path @param {string} [body] @returns {Promise<Answer>} */
  #send(method, path, body) {
    const { promise, resolve, reject } = Promise.withResolvers();
    const at = this.#at(path);
    const headers = {
      ...at.headers,
      ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    };
    const sent = request({ ...at, method, headers, agent: this.#agent }, (answer) => {
      /** @type {Buffer[]} */
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => {
        try {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: answer.statusCode ?? 0, body: text === '' ? null : JSON.parse(text) });
        } catch (error) {
          reject(error);
        }
      });
      answer.on('error', reject);
    });
    sent.setTimeout(STUCK_MS, () => sent.destroy(new Error(`No answer within ${STUCK_MS / 1000} s`)));
    sent.on('error', reject);
    sent.end(body);
    return promise;
  }
}
