import cors, { type FastifyCorsOptions } from '@fastify/cors';
import helmet from '@fastify/helmet';
import { fastify, type FastifyInstance } from 'fastify';

/** What the API's answers allow a page that shows them: nothing. */
const API_POLICY = { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] };

type Headers = Readonly<Record<string, string>>;

/** What goes on every answer to a page of one of the origins that may read it, and to anybody else. */
export interface AnswerHeaders {
  readonly of_origin: ReadonlyMap<string, Headers>;
  readonly of_others: Headers;
}

/**
 * Helmet's headers and those of CORS. They depend on nothing but the `Origin`, so both are asked once for each that is allowed, and not
 * at every request. `strict`: served by https only.
 */
export async function answerHeaders(strict: boolean, origins: readonly string[]): Promise<AnswerHeaders> {
  const probe = fastify();
  await probe.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: API_POLICY },
    // The web app may be on another site than the API.
    crossOriginResourcePolicy: { policy: 'same-site' },
    strictTransportSecurity: strict ? { maxAge: 31_536_000, includeSubDomains: true } : false,
    referrerPolicy: { policy: 'no-referrer' },
    // These speak of pages, old browsers and plug-ins; an answer of JSON is none the safer for them.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
  await probe.register(cors, corsOptions(origins));
  probe.get('/', () => '');
  const framework = new Set(['content-type', 'content-length', 'date', 'connection']);
  const ask = async (asked: { origin?: string }): Promise<Headers> => {
    const { headers } = await probe.inject({ url: '/', headers: asked });
    const ours = Object.entries(headers).filter(([name]) => !framework.has(name));
    return Object.fromEntries(ours.map(([name, value]) => [name, String(value)]));
  };
  const of_origin = new Map<string, Headers>();
  for (const origin of origins) of_origin.set(origin, await ask({ origin }));
  // To whom no page of another origin is allowed, it need not be said what such a page may do.
  const of_others = Object.entries(await ask({})).filter(([name]) => !name.startsWith('access-control-'));
  await probe.close();
  return { of_origin, of_others: Object.fromEntries(of_others) };
}

/** Answers what browsers ask before they let a page of another origin send something. */
export async function servePreflights(instance: FastifyInstance, origins: readonly string[]): Promise<void> {
  // In a scope of its own, in which there is nothing but the plugin's OPTIONS route: its hook would be run for all others too.
  await instance.register(async (scope) => {
    await scope.register(cors, corsOptions(origins));
  });
}

function corsOptions(origins: readonly string[]): FastifyCorsOptions {
  return {
    origin: [...origins],
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'prefer', 'range', 'if-range', 'x-request-id'],
    exposedHeaders: [
      'content-disposition',
      'content-range',
      'etag',
      'idempotent-replayed',
      'retry-after',
      'x-request-id',
    ],
    maxAge: 3_600,
  };
}

/**
 * Puts `headers` and the request's id on every answer, refusals of the framework included. While the server closes, each
 * answer is the last of its connection.
 */
export function addAnswerHeaders(instance: FastifyInstance, { of_origin, of_others }: AnswerHeaders): void {
  instance.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    const headers = (origin !== undefined && of_origin.get(origin)) || of_others;
    void reply.headers(headers).header('x-request-id', request.id);
    done();
  });
  instance.addHook('onSend', (_request, reply, payload, done) => {
    if (!instance.server.listening) void reply.header('connection', 'close');
    done(null, payload);
  });
}
