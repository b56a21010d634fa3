import { DomainError } from '@labelyard/domain';
import { Controller, Inject } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Auth, ProjectAuth } from '../auth/auth-context.js';
import { AUTHENTICATOR, type Authenticator } from '../auth/auth.module.js';
import { type Answered, ANSWERED, Endpoint, type InputOf } from '../http/endpoint.js';
import { EventStream } from './event-stream.js';
import { EventStreams } from './event-streams.js';
import { Presence } from './presence.js';

/** `no-transform` keeps proxies from compressing, which would hold events back; nginx is asked by a header of its own. */
const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
  // When the stream ends, nothing else waits on this connection, and a server that stops need not wait for it.
  connection: 'close',
};

@Controller()
export class LiveController {
  constructor(
    @Inject(EventStreams) private readonly streams: EventStreams,
    @Inject(Presence) private readonly presence: Presence,
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
  ) {}

  @Endpoint('live.events')
  events(
    { params }: InputOf<'live.events'>,
    auth: ProjectAuth,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Answered {
    return this.serve(params.project_id, auth, request, reply);
  }

  @Endpoint('me.events')
  ownEvents(_input: InputOf<'me.events'>, auth: Auth, request: FastifyRequest, reply: FastifyReply): Answered {
    return this.serve(null, auth, request, reply);
  }

  private serve(project_id: number | null, auth: Auth, request: FastifyRequest, reply: FastifyReply): Answered {
    this.streams.assertRoom(auth.user.id);
    void reply.headers(HEADERS).hijack();
    reply.raw.writeHead(200, reply.getHeaders() as Record<string, string>);
    if (request.method === 'HEAD') {
      reply.raw.end();
      return ANSWERED;
    }
    request.socket.setNoDelay(true);
    const line = new EventStream(reply.raw);
    const leave = this.streams.open({
      project_id,
      line,
      auth,
      authenticate: () => this.authenticateAgain(request, reply),
    });
    reply.raw.once('close', leave);
    // Gone before the listener stood.
    if (reply.raw.destroyed) leave();
    return ANSWERED;
  }

  @Endpoint('live.look')
  async look({ params, body }: InputOf<'live.look'>, { user }: ProjectAuth): Promise<void> {
    const { stream_id, image_id } = body;
    if (!(await this.presence.look({ ...params, stream_id, user_id: user.id }, image_id)))
      throw new DomainError('not_found', 'You have no such stream open, or the project has no such image', body);
  }

  /** The same token or cookie, judged as it would be now. */
  private authenticateAgain(request: FastifyRequest, reply: FastifyReply): Promise<Auth> {
    const { endpoint } = request;
    if (!endpoint) throw new Error('The request lost its endpoint');
    return new Promise((resolve, reject) => {
      this.authenticator(endpoint).call(request.server, request, reply, (error) =>
        error || !request.auth ? reject(error ?? new Error('Nobody asks')) : resolve(request.auth),
      );
    });
  }
}
