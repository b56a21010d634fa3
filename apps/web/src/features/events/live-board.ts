import type { LockHolder, PresentPerson, ProjectEvent } from '@labelyard/contract';

export interface LiveView {
  /** Who has the project open, oneself included. */
  readonly people: readonly PresentPerson[];
  /** Who works on which image. */
  readonly locks: ReadonlyMap<number, LockHolder>;
}

const NOBODY: LiveView = { people: [], locks: new Map() };

/** Who is where in one project, as its stream tells. Locks that were there before are read once the line stands. */
export class LiveBoard {
  private view = NOBODY;
  private readonly listeners = new Set<() => void>();
  /** What was told while the list was being read, which may be older. */
  private told: Map<number, LockHolder | null> | null = null;

  constructor(private readonly readLocks: () => Promise<readonly (LockHolder & { readonly image_id: number })[]>) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly snapshot = (): LiveView => this.view;

  hear(event: ProjectEvent): void {
    if (event.type === 'hello' || event.type === 'resync') void this.read();
    else if (event.type === 'presence') {
      const people = new Map(event.whole ? [] : this.view.people.map((person) => [person.user_id, person]));
      for (const person of event.people) people.set(person.user_id, person);
      for (const id of event.left) people.delete(id);
      this.show({ ...this.view, people: [...people.values()] });
    } else if (event.type === 'lock') {
      this.told?.set(event.image_id, event.lock);
      this.show({ ...this.view, locks: changed(this.view.locks, [[event.image_id, event.lock]]) });
    }
  }

  private async read(): Promise<void> {
    const told = (this.told = new Map());
    try {
      const held = await this.readLocks();
      if (this.told !== told) return;
      const listed = new Map(held.map(({ image_id, ...lock }) => [image_id, lock]));
      this.show({ ...this.view, locks: changed(listed, told) });
    } catch {
      // Courtesy information: the next event or reconnection brings it.
    } finally {
      if (this.told === told) this.told = null;
    }
  }

  private show(view: LiveView): void {
    this.view = view;
    for (const listener of this.listeners) listener();
  }
}

function changed(
  locks: ReadonlyMap<number, LockHolder>,
  changes: Iterable<readonly [number, LockHolder | null]>,
): ReadonlyMap<number, LockHolder> {
  const next = new Map(locks);
  for (const [image_id, lock] of changes) {
    if (lock) next.set(image_id, lock);
    else next.delete(image_id);
  }
  return next;
}
