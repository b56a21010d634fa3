import { Ledger } from './ledger.js';
import { writeWithoutPause, type WriterProject } from './writer.js';

/** Writers at work. */
export interface Crew {
  /** Finishes what was begun and stops; then everything acknowledged is in the ledger. */
  stop(): Promise<void>;
}

/** Lets so many writers work at once. What they are told that nobody should be told goes into `problems`. */
export function startCrew(options: {
  readonly writers: number;
  readonly origin: string;
  readonly token: string;
  readonly project: WriterProject;
  readonly ledger: Ledger;
  readonly problems: string[];
}): Crew {
  const { writers, problems, ...work } = options;
  const end = new AbortController();
  const all = Array.from({ length: writers }, (_, n) =>
    writeWithoutPause({
      ...work,
      name: `writer-${n + 1}`,
      signal: end.signal,
      onProblem: (line) => problems.push(line),
    }).catch((error: unknown) => void problems.push(`writer ${n + 1} stopped: ${String(error)}`)),
  );
  return {
    async stop() {
      end.abort();
      await Promise.all(all);
    },
  };
}
