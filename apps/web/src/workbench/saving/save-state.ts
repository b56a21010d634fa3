export type WaitingReason = 'offline' | 'busy' | 'maintenance';

/** What the person sees of saving. */
export type SaveState =
  | { readonly kind: 'saved' }
  /** Edits are journaled here and on their way. */
  | { readonly kind: 'saving'; readonly pending: number }
  /** The server cannot be reached or is busy; tried again at `retry_at` (milliseconds since 1970). */
  | {
      readonly kind: 'waiting';
      readonly pending: number;
      readonly reason: WaitingReason | 'locked';
      readonly retry_at: number;
    }
  /** The session ended: edits are kept here until the person signs in again. */
  | { readonly kind: 'signed_out'; readonly pending: number }
  /** Somebody has to decide: conflicts, refused shapes. */
  | { readonly kind: 'attention'; readonly pending: number; readonly problems: number };

/** Why nothing is sent now. */
export type Blocked =
  | { readonly kind: 'waiting'; readonly reason: WaitingReason | 'locked'; readonly retry_at: number }
  | { readonly kind: 'signed_out' };

/** `pending`: edits and confirmations not stored yet; `problems`: those of them that wait for a decision. */
export function saveStateOf({
  pending,
  problems,
  blocked,
}: {
  readonly pending: number;
  readonly problems: number;
  readonly blocked: Blocked | null;
}): SaveState {
  if (pending === 0) return { kind: 'saved' };
  if (blocked) return { ...blocked, pending };
  return problems > 0 ? { kind: 'attention', pending, problems } : { kind: 'saving', pending };
}

/** Milliseconds until the next try after `failures` in a row: doubles from half a second to half a minute. */
export function retryDelay(failures: number, retry_after?: number): number {
  return Math.max(Math.min(500 * 2 ** (failures - 1), 30_000), (retry_after ?? 0) * 1_000);
}
