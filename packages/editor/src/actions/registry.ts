import { DomainError } from '@labelyard/domain';
import type { KeyEventInfo } from '../input-event.js';
import type { Action } from './action.js';
import { chordId, parseChord, pressedChords } from './key-chord.js';

/** Two actions that want the same keys. */
export interface KeyConflict {
  readonly chord: string;
  readonly ids: readonly string[];
}

/** Chords that more than one action claims. */
export function keyConflicts(actions: readonly Pick<Action<never>, 'id' | 'keys'>[]): KeyConflict[] {
  const claims = new Map<string, string[]>();
  for (const { id, keys } of actions) {
    for (const chord of new Set(keys.map((key) => chordId(parseChord(key))))) {
      claims.set(chord, [...(claims.get(chord) ?? []), id]);
    }
  }
  return [...claims].filter(([, ids]) => ids.length > 1).map(([chord, ids]) => ({ chord, ids }));
}

/** The one list of actions. */
export class ActionRegistry<Host> {
  private byId = new Map<string, Action<Host>>();
  private byChord = new Map<string, Action<Host>>();
  private snapshot: readonly Action<Host>[] = [];

  constructor(private readonly host: Host) {}

  /** All actions, in the order they were registered. Stable until the list changes. */
  get list(): readonly Action<Host>[] {
    return this.snapshot;
  }

  /** Adds actions; returns how to take them away again. Throws `duplicate` when an id or a chord is taken. */
  register(actions: readonly Action<Host>[]): () => void {
    const next = [...this.snapshot, ...actions];
    const conflicts = keyConflicts(next);
    const ids = next.map(({ id }) => id);
    const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
    if (conflicts.length || twice.length) {
      throw new DomainError('duplicate', 'Action ids and key chords must be unique: rename or rebind these.', {
        ids: twice,
        conflicts,
      });
    }
    this.replace(next);
    return () => this.replace(this.snapshot.filter((action) => !actions.includes(action)));
  }

  find(id: string): Action<Host> | null {
    return this.byId.get(id) ?? null;
  }

  /** Runs an action if it is enabled. Says whether it ran. */
  run(id: string): boolean {
    const action = this.byId.get(id);
    if (!action?.enabled(this.host)) return false;
    action.run(this.host);
    return true;
  }

  /** The action a key press asks for, enabled or not; null when there is none. */
  forKey(press: KeyEventInfo): Action<Host> | null {
    for (const chord of pressedChords(press)) {
      const action = this.byChord.get(chord);
      if (action) return action;
    }
    return null;
  }

  private replace(actions: readonly Action<Host>[]): void {
    this.snapshot = actions;
    this.byId = new Map(actions.map((action) => [action.id, action]));
    this.byChord = new Map(
      actions.flatMap((action) => action.keys.map((key) => [chordId(parseChord(key)), action] as const)),
    );
  }
}
