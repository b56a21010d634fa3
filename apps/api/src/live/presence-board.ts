import type { PresentPerson, ProjectEvent } from '@labelyard/contract';

/** Changes within this time are read and told together. */
const GATHER_MS = 100;

export type PresenceEvent = Extract<ProjectEvent, { type: 'presence' }>;

/** What one process knows of who is in one project: reads it when something changed, tells the difference. */
export class PresenceBoard {
  private shown: ReadonlyMap<string, PresentPerson> = new Map();
  private timer: NodeJS.Timeout | undefined;
  private reading = false;
  private again = false;
  private closed = false;

  constructor(
    private readonly read: () => Promise<readonly PresentPerson[]>,
    private readonly tell: (change: PresenceEvent, whole: PresenceEvent) => void,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Something changed: look soon. */
  stir(): void {
    if (this.closed || this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.look();
    }, GATHER_MS);
    this.timer.unref();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private async look(): Promise<void> {
    if (this.reading) {
      this.again = true;
      return;
    }
    this.reading = true;
    try {
      const people = await this.read();
      if (this.closed) return;
      const next = new Map(people.map((person) => [person.user_id, person]));
      const change = difference(this.shown, next);
      this.shown = next;
      this.tell(change, { type: 'presence', whole: true, people: [...people], left: [] });
    } catch (error) {
      this.failed(error);
    } finally {
      this.reading = false;
      if (this.again) {
        this.again = false;
        this.stir();
      }
    }
  }
}

export function difference(
  before: ReadonlyMap<string, PresentPerson>,
  after: ReadonlyMap<string, PresentPerson>,
): PresenceEvent {
  const people = [...after.values()].filter((person) => {
    const known = before.get(person.user_id);
    return known?.image_id !== person.image_id || known.user_name !== person.user_name;
  });
  const left = [...before.keys()].filter((id) => !after.has(id));
  return { type: 'presence', whole: false, people, left };
}
