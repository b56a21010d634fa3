import { Logger as QueueLogger } from 'graphile-worker';
import type { Logger } from 'pino';

export type LogLine = (level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: object) => void;

export function logLine(log: Logger): LogLine {
  return (level, message, fields = {}) => log[level](fields, message);
}

/** The queue library's messages in our log. Its "info" is chatter about every job. */
export function queueLogger(log: LogLine): QueueLogger {
  return new QueueLogger((scope) => (level, message, meta) => {
    const quiet = level === 'warning' ? 'warn' : level === 'info' ? 'debug' : level;
    const error: unknown = meta?.error;
    log(quiet, message, {
      ...(scope.taskIdentifier && { task: scope.taskIdentifier }),
      ...(scope.jobId && { job_id: scope.jobId }),
      ...(error instanceof Error && { err: error }),
    });
  });
}
