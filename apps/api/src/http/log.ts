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
const CHUNK_BYTES = 16_384;
const MOST_BYTES = 65_536;
const FLUSH_MS = 100;

/** One JSON object per line on stdout: `level` as a word, `message`, ISO time. Secrets are replaced, two levels deep. */
export function createLog({ runtime }: Pick<Env, 'runtime'>, destination?: DestinationStream): Logger {
  const paths = SECRETS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]);
  const options: LoggerOptions = {
    level: runtime.log_level,
    messageKey: 'message',
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: serialiseError },
    redact: { paths, censor: '[redacted]' },
  };
  return pino(options, destination ?? standardOutput());
}

/** Lines wait as bytes: waiting text would be put together anew with each line, only to be measured. */
function standardOutput() {
  const options = { dest: 1, sync: false, minLength: CHUNK_BYTES, maxWrite: MOST_BYTES, periodicFlush: FLUSH_MS };
  const output = pino.destination({ ...options, contentMode: 'buffer' });
  return {
    // Of that mode the type of `write` knows nothing.
    write: (line: string) => void output.write(Buffer.from(line) as unknown as string),
    flush: (then?: (error?: Error) => void) => output.flush(then),
    flushSync: () => output.flushSync(),
  };
}

/**
 * Writes lines of one `message` to where `log` writes, in the same form but without looking for secrets, which takes as long
 * as serving a small request. Only for lines whose every field is known, and of a level that is enabled.
 */
export function plainLines(log: Logger, message: string): (level: 'debug' | 'info', fields: object) => void {
  const { [pino.symbols.streamSym]: stream } = log as unknown as Record<symbol, DestinationStream>;
  return (level, fields) => {
    const rest = JSON.stringify({ ...fields, message }).slice(1);
    stream?.write(`{"level":"${level}","time":"${new Date().toISOString()}",${rest}\n`);
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
