import type { Task } from '../jobs/task.js';

export interface ImportPayload {
  readonly import_id: number;
}

/** Looks at the files and writes the report. */
export const CHECK_IMPORT: Task<ImportPayload> = {
  name: 'imports.check',
  max_attempts: 4,
  key: ({ import_id }) => `imports.check:${import_id}`,
};

/** Imports them. A worker that dies costs an attempt; nothing of what it did is seen. */
export const APPLY_IMPORT: Task<ImportPayload> = {
  name: 'imports.apply',
  max_attempts: 6,
  key: ({ import_id }) => `imports.apply:${import_id}`,
};

export interface UndoPayload extends ImportPayload {
  readonly user_id: string;
  readonly remove_changed: boolean;
}

export const UNDO_IMPORT: Task<UndoPayload> = {
  name: 'imports.undo',
  max_attempts: 6,
  key: ({ import_id }) => `imports.undo:${import_id}`,
};
