import type { Auth } from '../auth/auth-context.js';
import type { EventStream } from './event-stream.js';

/** One reader of a project's events and their own news, or of their news alone, and how to ask again who they are. */
export interface OpenStream {
  readonly id: string;
  /** Null: only the reader's own news. */
  readonly project_id: number | null;
  readonly line: EventStream;
  auth: Auth;
  /** Proves the session anew, as a request would. Throws unauthorized. */
  readonly authenticate: () => Promise<Auth>;
}
