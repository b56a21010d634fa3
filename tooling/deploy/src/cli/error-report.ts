import { EnvError } from '@labelyard/config';
import { DomainError } from '@labelyard/domain';
import { StorageRefused, StorageUnavailable } from '@labelyard/storage';
import type { ExitName } from './exit-code.js';
import { YardError } from './yard-error.js';

export interface ErrorReport {
  readonly exit: ExitName;
  readonly message: string;
  /** What to do or run next. */
  readonly next: string;
}

const FULL = ['ENOSPC', 'EDQUOT'];
const UNREACHABLE = ['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'ECONNRESET', 'EHOSTUNREACH', 'EAI_AGAIN', 'EPIPE'];

/** Whatever a command threw, in words for an operator. Errors nobody expected keep their stack: it belongs in a report. */
export function reportError(error: unknown): ErrorReport {
  if (error instanceof YardError) return { exit: error.exit, message: error.message, next: error.next };
  if (error instanceof EnvError)
    return { exit: 'bad_input', message: error.message, next: 'Correct these variables, then see: yard env diff.' };
  const { name, code, message, stack } = error as NodeJS.ErrnoException;
  const reason = error instanceof StorageUnavailable ? error.details['code'] : code;
  if (FULL.includes(String(reason)))
    return { exit: 'failed', message, next: 'Make room, then run the same command again: what was finished stays.' };
  if (error instanceof StorageUnavailable || error instanceof StorageRefused)
    return { exit: 'unavailable', message: error.message, next: 'See what is wrong with it: yard doctor.' };
  if (error instanceof DomainError)
    return {
      exit: error.code.endsWith('_unavailable') ? 'unavailable' : 'failed',
      message: error.message,
      next: 'See what is wrong with it: yard doctor.',
    };
  if (name === 'AbortError')
    return { exit: 'interrupted', message: 'Interrupted.', next: 'Run the same command again: it goes on.' };
  if (code !== undefined && UNREACHABLE.includes(code))
    return { exit: 'unavailable', message, next: 'Check that the server runs and is reached from here: yard doctor.' };
  return {
    exit: 'failed',
    message: stack ?? String(error),
    next: 'This is a fault of yard: report it with the lines above. What was journaled stays; running it again is safe.',
  };
}
