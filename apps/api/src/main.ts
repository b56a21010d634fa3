import { EnvError } from '@labelyard/config';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { BAD_ENVIRONMENT } from './command.js';
import { readEnv, type Env } from './env.js';
import { stopGracefully } from './http/graceful-stop.js';
import { createLog } from './http/log.js';
import { createServer } from './http/server.js';
import { keepWorkerSmall } from './jobs/worker-memory.js';

/** After the grace period, for closing connections; then the process ends however it stands. */
const LAST_MOMENTS_MS = 5_000;

function environment(): Env {
  try {
    return readEnv();
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(BAD_ENVIRONMENT);
  }
}

async function start(env: Env, log: Logger): Promise<NestFastifyApplication> {
  const app = await createServer(env, log);
  await app.listen({ port: env.http.port, host: env.http.host });
  return app;
}

/** SIGTERM and SIGINT end the process in an orderly way; the same again, at once. */
function stopOnSignal(app: NestFastifyApplication, env: Env, log: Logger): void {
  let stopping = false;
  const stop = (reason: string, exit_code: number) => {
    if (stopping) process.exit(exit_code || 1);
    stopping = true;
    const { shutdown_grace_ms } = env.runtime;
    log.info({ reason, grace_ms: shutdown_grace_ms }, 'Stopping');
    setTimeout(() => end(log, 1), shutdown_grace_ms + LAST_MOMENTS_MS).unref();
    stopGracefully(app, shutdown_grace_ms).then(
      () => end(log, exit_code),
      (error: unknown) => {
        log.error({ err: error }, 'Stopping failed');
        end(log, 1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal, 0));
  // The state of a process after either of these is unknown: it ends, and is started again.
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'Something was thrown where nobody catches');
    stop('uncaughtException', 1);
  });
  process.on('unhandledRejection', (error) => {
    log.fatal({ err: error }, 'A promise was rejected that nobody waited for');
    stop('unhandledRejection', 1);
  });
}

function end(log: Logger, exit_code: number): void {
  log.flush(() => process.exit(exit_code));
}

const env = environment();
const log = createLog(env);
try {
  const app = await start(env, log);
  stopOnSignal(app, env, log);
  log.info(
    { port: env.http.port, host: env.http.host, role: env.runtime.process_role, storage: env.storage.driver },
    'Ready',
  );
  if (env.runtime.process_role === 'worker') keepWorkerSmall();
} catch (error) {
  const taken = (error as { code?: unknown }).code === 'EADDRINUSE';
  log.fatal({ err: error }, taken ? `Port ${env.http.port} is taken: set PORT to a free one` : 'The API cannot start');
  end(log, 1);
}
