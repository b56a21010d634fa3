import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { acquireFileLock, FileLockHeld } from '@labelyard/embedded-postgres';
import { YardError } from '../cli/yard-error.js';

/** What the folder is divided into. */
export const STATE_PARTS = ['plans', 'journals', 'manifests', 'reports'] as const;
export type StatePart = (typeof STATE_PARTS)[number];

/** `.yard/`: plans, journals, manifests and reports, readable by their owner only. */
export interface StateFolder {
  readonly root: string;
  /** Path of a file in one part; the folder is there. */
  path(part: StatePart, name: string): string;
  /** Runs `work` while nobody else changes anything from this folder. @throws YardError failed */
  exclusively<T>(what: string, work: () => Promise<T>): Promise<T>;
}

export function openStateFolder(root: string): StateFolder {
  return {
    root,
    path(part, name) {
      const folder = join(root, part);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return join(folder, name);
    },
    async exclusively(what, work) {
      mkdirSync(root, { recursive: true, mode: 0o700 });
      const lock = await acquireFileLock(join(root, 'lock'), {
        note: { says: `${what}, since ${new Date().toISOString()}` },
      }).catch((error: unknown) => {
        if (!(error instanceof FileLockHeld)) throw error;
        const { pid, note } = error.holder ?? {};
        throw new YardError(
          'failed',
          `Another yard command is at work (process ${pid ?? 'unknown'}): ${note?.['says'] as string}.`,
          'Wait for it, or stop it with Ctrl-C in its terminal; a lock whose process died is taken over by itself.',
          { cause: error },
        );
      });
      try {
        return await work();
      } finally {
        lock.release();
      }
    },
  };
}
