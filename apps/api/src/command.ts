import { EnvError } from '@labelyard/config';
import { DomainError } from '@labelyard/domain';

/** sysexits' EX_CONFIG: trying again will not help before a variable is changed. */
export const BAD_ENVIRONMENT = 78;

/** A line for people or programs on stdout. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs a command to its end: what went wrong goes to stderr, in words where it is known, and makes the exit code 1 or 78. */
export async function runCommand(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const known = error instanceof EnvError || error instanceof DomainError;
    const text = known || !(error instanceof Error) ? String((error as Error).message) : error.stack;
    process.stderr.write(`${text}\n`);
    process.exitCode = error instanceof EnvError ? BAD_ENVIRONMENT : 1;
  }
}
