import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { LogController, type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { AppModule } from '../app.module.js';
import { AUTHENTICATOR, type Authenticator } from '../auth/auth.module.js';
import type { Env } from '../env.js';
import { maintenanceDoor } from '../maintenance/maintenance-door.js';
import { MaintenanceMode } from '../maintenance/maintenance-mode.js';
import { addAnswerHeaders, answerHeaders, servePreflights } from './answer-headers.js';
import { watchRoutes } from './bound-endpoints.js';
import { followRequests } from './current-request.js';
import { serveDocs } from './docs.js';
import { EndpointCalls } from './endpoint-calls.js';
import { refuseUnroutable } from './framework-errors.js';
import { readBodies } from './json-body.js';
import { readForms } from './multipart-form.js';
import { proxyTrust } from './proxy-trust.js';
import { serialiseAnswer } from './json-text.js';
import { nestLogger } from './log.js';
import { logRequests, requestId } from './request-log.js';

/** Bigger than any header of ours; a signed URL of a long path with a long download name is the longest line. */
const MAX_HEADER_BYTES = 32 * 1024;
/** A request whose headers or body stop coming. Uploads are given the time their size needs. */
const HEADERS_TIMEOUT_MS = 30_000;
const REQUEST_TIMEOUT_MS = 600_000;
/** Longer than the idle time of the platforms' proxies (60 s), so that it is never us who closes under a request. */
const KEEP_ALIVE_MS = 75_000;

/** The whole API, ready to listen: `env` decides everything. */
export async function createServer(env: Env, log: Logger): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    trustProxy: proxyTrust(env.http.trust_proxy),
    genReqId: requestId,
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: refuseUnroutable,
    bodyLimit: env.limits.max_json_bytes,
    http: { maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: HEADERS_TIMEOUT_MS },
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // While closing, requests on open connections are still served, each with "connection: close".
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 1_000 },
    // Nothing uses Express-style middleware; without its plugin every request is a few microseconds shorter.
    skipMiddie: true,
  } as ConstructorParameters<typeof FastifyAdapter>[0]);
  const instance = adapter.getInstance<FastifyInstance>();
  for (const name of ['endpoint', 'auth', 'project', 'wanted', 'input'] as const) instance.decorateRequest(name, null);
  addAnswerHeaders(instance, await answerHeaders(env.runtime.strict, env.http.cors_origins));
  followRequests(instance);
  logRequests(instance, log);
  instance.setReplySerializer(serialiseAnswer);

  // The routes come before the modules that know who asks are there.
  let parts: { authenticate: Authenticator; maintenance: MaintenanceMode; calls: EndpointCalls } | undefined;
  const made = () => {
    if (!parts) throw new Error('A route was registered before the authenticator was made');
    return parts;
  };
  const routes = watchRoutes(instance, {
    before(endpoint) {
      const held = maintenanceDoor(endpoint, made().maintenance);
      return [made().authenticate(endpoint), ...(held ? [held] : [])];
    },
    handler: (endpoint, method) => made().calls.handlerOf(endpoint, method),
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(env, log), adapter, {
    logger: nestLogger(log),
    bodyParser: false,
    abortOnError: false,
  });
  try {
    parts = {
      authenticate: app.get<Authenticator>(AUTHENTICATOR),
      maintenance: app.get(MaintenanceMode),
      calls: app.get(EndpointCalls),
    };
    readBodies(instance, env.limits.max_json_bytes);
    await readForms(instance, env.limits.max_upload_bytes);
    await servePreflights(instance, env.http.cors_origins);
    if (env.http.docs_enabled) serveDocs(instance);
    await app.init();
    await instance.ready();
    routes.assertComplete();
    return app;
  } catch (error) {
    // Connections are open by now; a start that failed must not keep the process alive.
    await app.close();
    throw error;
  }
}
