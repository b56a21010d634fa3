import { open } from 'node:fs/promises';
import type { JournalLine } from './journal-line.js';

/** Lines that wait this long are on disk then. */
const BATCH_MS = 50;

export interface BatchedJournal {
  /** Resolves when the line is on disk: many lines share one fsync. Need not be waited for. */
  append(line: JournalLine): Promise<void>;
  /** Everything appended is on disk. @throws what a write threw */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Goes on with a journal, or begins it. What a crash cut short must have been taken out before. */
export async function openBatchedJournal(path: string): Promise<BatchedJournal> {
  const file = await open(path, 'a', 0o600);
  let text = '';
  let next: PromiseWithResolvers<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  function write(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const [piece, done] = [text, next];
    text = '';
    next = undefined;
    if (!done) return writing;
    writing = writing
      .then(async () => {
        await file.appendFile(piece);
        await file.datasync();
      })
      .then(done.resolve, (error: unknown) => {
        done.reject(error);
        throw error;
      });
    writing.catch(() => undefined); // Told by `flush`, and to whoever waits for the line.
    return writing;
  }

  return {
    append(line) {
      text += `${JSON.stringify(line)}\n`;
      if (!next) {
        next = Promise.withResolvers();
        next.promise.catch(() => undefined);
      }
      timer ??= setTimeout(() => void write(), BATCH_MS);
      return next.promise;
    },
    flush: () => write(),
    async close() {
      try {
        await write();
      } finally {
        await file.close();
      }
    },
  };
}
