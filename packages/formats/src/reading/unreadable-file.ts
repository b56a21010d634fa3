import type { ImportIssueCode } from './import-issues.js';

/** A file, or what is left of it, cannot be read. Readers turn it into an issue and go on with the next file. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';

  constructor(
    readonly code: ImportIssueCode,
    message: string,
    readonly line?: number,
  ) {
    super(message);
  }
}
