import type { Auth } from '../auth/auth-context.js';
import type { EventStream } from './event-stream.js';

/** One reader of a project's events, and how to ask again who they are. */
export interface OpenStream {
  readonly id: string;
  readonly project_id: number;
  readonly line: EventStream;
  auth: Auth;
  /** Proves the session anew, as a request would. Throws unauthorized. */
  readonly authenticate: () => Promise<Auth>;
}
