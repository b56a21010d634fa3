import { EXIT, type ExitCode, type ExitName } from './exit-code.js';

/** An end without a command: help, or words that make no sense. */
export interface Outcome {
  readonly exit_code: ExitCode;
  readonly text: string;
}

export function defineOutcome(exit: ExitName, text: string): Outcome {
  return { exit_code: EXIT[exit], text };
}
