import { isUtf8 } from 'node:buffer';
import type { EndpointSpec } from '@labelyard/contract';
import { DomainError } from '@labelyard/domain';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { InvalidRequest, unsupported } from './request-input.js';

/** Anybody may send to a public endpoint; nothing there needs more. */
const PUBLIC_LIMIT = 64 * 1024;

/** Nothing of ours is half as deep. What is too deep cannot be written out again, here or in Postgres. */
const MOST_NESTED = 64;

/** Escapes that can stand for what no text of ours may hold: NUL and half a surrogate pair. */
const SUSPICIOUS = /\\u(?:0000|d[89a-f])/i;

/**
 * How bodies are read, by what the contract says the endpoint takes: JSON parsed within a limit, multipart by its plugin,
 * the raw stream untouched. Any other content type is 415.
 */
export function readBodies(instance: FastifyInstance, max_json_bytes: number): void {
  instance.removeAllContentTypeParsers();
  // Refuses `__proto__` and `constructor.prototype` keys; synchronous in spite of its callback.
  const parse = instance.getDefaultJsonParser('error', 'error');
  instance.addContentTypeParser('application/json', (request, payload, done) => {
    const spec = request.endpoint?.spec;
    if (!spec) return done(null, undefined);
    if (spec.body_kind === 'raw') return done(null, payload);
    if (spec.body_kind === 'multipart') return done(unsupported(request, 'multipart/form-data'));
    const limit = spec.access === 'public' ? PUBLIC_LIMIT : max_json_bytes;
    readAll(request, payload, limit).then(
      (bytes) => {
        try {
          done(
            null,
            parseJson((text, then) => void parse(request, text, then), bytes),
          );
        } catch (error) {
          done(error as Error);
        }
      },
      (error: Error) => done(error),
    );
  });
  instance.addContentTypeParser('*', (request, payload, done) => {
    const spec = request.endpoint?.spec;
    if (spec?.body_kind === 'raw') return done(null, payload);
    // Where no body is read none is refused: some clients label their empty requests.
    if (!spec || !takesBody(spec)) return done(null, undefined);
    done(unsupported(request, spec.body_kind === 'multipart' ? 'multipart/form-data' : 'application/json'));
  });
}

function takesBody(spec: EndpointSpec): boolean {
  return spec.body !== undefined || spec.body_kind !== undefined;
}

async function readAll(request: FastifyRequest, payload: AsyncIterable<Buffer>, limit: number): Promise<Buffer> {
  const tooLarge = () =>
    new DomainError('payload_too_large', `The body is larger than the ${limit} bytes this endpoint takes`, {
      max_bytes: limit,
    });
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of payload) {
    size += chunk.length;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size);
}

type Parse = (text: string, then: (error: Error | null, value?: unknown) => void) => void;

function parseJson(parse: Parse, bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw malformed('is not valid UTF-8');
  const text = bytes.toString('utf8').replace(/^\uFEFF/u, '');
  let value: unknown;
  parse(text, (error, parsed) => {
    if (error) throw malformed(`is not valid JSON: ${error.message}`);
    value = parsed;
  });
  if (isDeeper(value, MOST_NESTED)) throw malformed(`is nested more than ${MOST_NESTED} deep`);
  if (SUSPICIOUS.test(text)) refuseBrokenText(value, []);
  return value;
}

function malformed(message: string): InvalidRequest {
  return new InvalidRequest([{ in: 'body', path: '', code: 'malformed', message }]);
}

function isDeeper(value: unknown, most: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (most === 0) return true;
  return Object.values(value).some((member) => typeof member === 'object' && isDeeper(member, most - 1));
}

/** Postgres stores neither, so they are refused before they can fail there. */
function refuseBrokenText(value: unknown, path: readonly string[]): void {
  if (typeof value === 'string') {
    const message = value.includes('\0')
      ? 'holds a NUL character'
      : value.isWellFormed()
        ? null
        : 'is not valid Unicode';
    if (message) throw new InvalidRequest([{ in: 'body', path: path.join('.'), code: 'invalid_text', message }]);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      refuseBrokenText(key, path);
      refuseBrokenText(member, [...path, key.toWellFormed()]);
    }
  }
}
