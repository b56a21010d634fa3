/** What a command answers to the shell; one meaning for all of them. */
export const EXIT = {
  ok: 0,
  /** A check found something wrong, or the work failed. */
  failed: 1,
  /** Two sides differ, or there is something to do. */
  differences: 2,
  /** The command line, a setting or a file given cannot be used. */
  bad_input: 3,
  /** A database, a storage or a service does not answer, or refuses. */
  unavailable: 4,
  /** Ctrl-C or SIGTERM; the journal is intact. */
  interrupted: 130,
} as const;
export type ExitName = keyof typeof EXIT;
export type ExitCode = (typeof EXIT)[ExitName];
