import { Readable } from 'node:stream';
import { DomainError, type ErrorCode } from '@labelyard/domain';
import type { DiskObjectAnswer, Storage } from '@labelyard/storage';
import { Controller } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InjectStorage } from '../connections.js';
import { type Answered, ANSWERED, Endpoint, type InputOf } from '../http/endpoint.js';

/** Stands in for an object storage's own server when objects lie on this machine's disk. All rules are the storage's. */
@Controller()
export class StorageController {
  constructor(@InjectStorage() private readonly storage: Storage) {}

  @Endpoint('storage.read')
  async read(
    _input: InputOf<'storage.read'>,
    _auth: null,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Answered> {
    return this.answer(request, reply);
  }

  @Endpoint('storage.write')
  async write(
    _input: InputOf<'storage.write'>,
    _auth: null,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Answered> {
    return this.answer(request, reply);
  }

  private async answer(request: FastifyRequest, reply: FastifyReply): Promise<Answered> {
    const server = this.storage.object_server;
    if (!server) throw new DomainError('not_found', 'Objects are served by the object storage itself here');
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort(new Error('The client went away')));
    const answer = await server.handle({
      method: request.method,
      url: request.raw.url ?? request.url,
      headers: request.headers,
      body: request.body instanceof Readable ? request.body : request.raw,
      signal: gone.signal,
    });
    send(reply, answer, request);
    return ANSWERED;
  }
}

/** Refusals as every other endpoint words them. A range that cannot be had needs its own status and header. */
const CODES: Partial<Record<DiskObjectAnswer['status'], ErrorCode>> = {
  400: 'validation_failed',
  403: 'forbidden',
  404: 'not_found',
  413: 'payload_too_large',
};

function send(reply: FastifyReply, answer: DiskObjectAnswer, request: FastifyRequest): void {
  void reply.headers(answer.headers);
  // What was refused unread would be taken for the next request on this connection.
  if (!request.raw.complete) void reply.header('connection', 'close');
  const code = answer.error && CODES[answer.status];
  if (code) throw new DomainError(code, answer.error.message);
  // An empty stream keeps the length of the object in the answer to a HEAD.
  void reply.status(answer.status).send(answer.body ?? (request.method === 'HEAD' ? Readable.from([]) : ''));
}
