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

/** Lines wait as text until the event at hand is dealt with, and then as bytes: waiting text would be put together anew each time. */
function standardOutput() {
  const options = { dest: 1, sync: false, minLength: CHUNK_BYTES, maxWrite: MOST_BYTES, periodicFlush: FLUSH_MS };
  const output = pino.destination({ ...options, contentMode: 'buffer' });
  let lines: string[] = [];
  const release = () => {
    if (lines.length === 0) return;
    const bytes = Buffer.from(lines.join(''));
    lines = [];
    // Of that mode the type of `write` knows nothing.
    output.write(bytes as unknown as string);
  };
  return {
    write(line: string) {
      if (lines.push(line) === 1) setImmediate(release);
    },
    flush(then?: (error?: Error) => void) {
      release();
      output.flush(then);
    },
    flushSync() {
      release();
      output.flushSync();
    },
  };
}

/**
 * Writes lines of one `message` to where `log` writes, in the same form but without looking for secrets, which takes as long
 * as serving a small request. Only for lines whose every field is known, of which at least one is there, and of a level that is enabled.
 */
export function plainLines(log: Logger, message: string): (level: 'debug' | 'info', fields: object) => void {
  const { [pino.symbols.streamSym]: stream } = log as unknown as Record<symbol, DestinationStream>;
  const end = `,"message":${JSON.stringify(message)}}\n`;
  let [at, time] = [0, ''];
  return (level, fields) => {
    const now = Date.now();
    if (now !== at) [at, time] = [now, new Date(now).toISOString()];
    stream?.write(`{"level":"${level}","time":"${time}",${JSON.stringify(fields).slice(1, -1)}${end}`);
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
