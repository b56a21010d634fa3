import helmet from '@fastify/helmet';
import { fastify, type FastifyInstance } from 'fastify';

/** What the API's answers allow a page that shows them: nothing. */
const API_POLICY = { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] };

/**
 * Helmet's headers. They are the same for every answer, so helmet is asked once, and not a dozen times per request.
 * `strict`: served by https only.
 */
export async function securityHeaders(strict: boolean): Promise<Record<string, string>> {
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
  probe.get('/', () => '');
  const { headers } = await probe.inject('/');
  await probe.close();
  const framework = new Set(['content-type', 'content-length', 'date', 'connection']);
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (framework.has(name) ? [] : [[name, String(value)]])),
  );
}

/**
 * Puts `headers` and the request's id on every answer, refusals of the framework included. While the server closes, each
 * answer is the last of its connection.
 */
export function addAnswerHeaders(instance: FastifyInstance, headers: Readonly<Record<string, string>>): void {
  instance.addHook('onRequest', (request, reply, done) => {
    void reply.headers(headers).header('x-request-id', request.id);
    done();
  });
  instance.addHook('onSend', (_request, reply, payload, done) => {
    if (!instance.server.listening) void reply.header('connection', 'close');
    done(null, payload);
  });
}
