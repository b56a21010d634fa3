import type { ExitName } from './exit-code.js';

/** What went wrong on the way of a command, in words for an operator. Never holds a secret. */
export class YardError extends Error {
  override readonly name = 'YardError';

  /**
   * @param exit what the shell is told
   * @param message what happened, and where
   * @param next what to do or run next; every error has it
   */
  constructor(
    readonly exit: Exclude<ExitName, 'ok'>,
    message: string,
    readonly next: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
