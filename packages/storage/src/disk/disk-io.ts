import { isNativeError } from 'node:util/types';
import { StorageError, StorageUnavailable } from '../errors.js';

/** Runs file operations; what they throw says which storage failed and why. */
export interface DiskIo {
  <T>(operation: () => Promise<T>): Promise<T>;
  translate: (error: unknown) => unknown;
}

const REASONS: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk is mounted read-only',
  EACCES: 'this process may not access it',
  EPERM: 'this process may not access it',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENAMETOOLONG: 'the storage folder lies too deep: its own path leaves no room for file names',
};

/** @param root folder named in the messages */
export function diskIo(root: string): DiskIo {
  const translate = (error: unknown): unknown => {
    if (error instanceof StorageError || !isNativeError(error) || !('syscall' in error)) return error;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    const reason = REASONS[code] ?? error.message;
    return new StorageUnavailable(
      `The storage on disk at ${root} failed: ${reason} (${code}).`,
      { root, code },
      { cause: error },
    );
  };
  const io = async <T>(operation: () => Promise<T>): Promise<T> => {
    try {
      return await operation();
    } catch (error) {
      throw translate(error);
    }
  };
  return Object.assign(io, { translate });
}
