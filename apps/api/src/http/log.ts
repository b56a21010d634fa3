import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import type { LoggerService } from '@nestjs/common';
import type { Env } from '../env.js';

/** Never written, wherever they turn up. */
const SECRETS = [
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'access_token',
  'hashed_password',
  'secret',
  'token',
];

/** Lines leave together: one write per line would cost as much as serving a small request. */
const CHUNK_BYTES = 4_096;
const FLUSH_MS = 100;

/** One JSON object per line on stdout: `level` as a word, `message`, ISO time. Secrets are replaced, two levels deep. */
export function createLog({ runtime }: Pick<Env, 'runtime'>, destination?: DestinationStream): Logger {
  const paths = SECRETS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]);
  return pino(
    { ...optionsAt(runtime.log_level), redact: { paths, censor: '[redacted]' } },
    destination ?? pino.destination({ dest: 1, sync: false, minLength: CHUNK_BYTES, periodicFlush: FLUSH_MS }),
  );
}

/**
 * A second writer to the same place that looks for no secrets, which takes as long as serving a small request. Only for
 * lines whose every field is known.
 */
export function plainLog(log: Logger): Logger {
  const { [pino.symbols.streamSym]: stream } = log as unknown as Record<symbol, DestinationStream>;
  return pino(optionsAt(log.level), stream as DestinationStream);
}

function optionsAt(level: string): LoggerOptions {
  return {
    level,
    messageKey: 'message',
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: serialiseError },
  };
}

/** Message, code, stack and causes. Other members of an error may hold parameters of queries or signed URLs. */
function serialiseError(thrown: unknown): object {
  if (!(thrown instanceof Error)) return { message: String(thrown) };
  const { code } = thrown as { code?: unknown };
  return {
    type: thrown.name,
    message: thrown.message,
    ...(code !== undefined && { code }),
    stack: thrown.stack,
    ...(thrown.cause !== undefined && { cause: serialiseError(thrown.cause) }),
  };
}

/** Nest's own messages in our log. What it says while starting interests nobody who runs it. */
export function nestLogger(log: Logger): LoggerService {
  const write =
    (level: 'debug' | 'warn' | 'error' | 'fatal') =>
    (message: unknown, ...rest: unknown[]) => {
      const context = rest.at(-1);
      const fields = message instanceof Error ? { err: message } : {};
      log[level]({ ...fields, context }, message instanceof Error ? message.message : String(message));
    };
  return {
    log: write('debug'),
    verbose: write('debug'),
    debug: write('debug'),
    warn: write('warn'),
    error: write('error'),
    fatal: write('fatal'),
  };
}
