import type { UserSummary } from '@labelyard/contract';
import type { PeopleSearch, Person, PersonWithOrganization, UserDb } from '@labelyard/db';
import { seesAddresses, serviceTokenId, serviceUserId } from '@labelyard/domain';
import type { ProjectAuth } from '../auth/auth-context.js';
import { BoundedCache } from './bounded-cache.js';

/** How long what was read about a person is believed: how long a deactivated one may go on. */
export const PERSON_TTL_MS = 10_000;
const REMEMBERED = 20_000;

interface Remembered<Value> {
  readonly value: Value;
  readonly read_at: number;
}

/** People of the User DB, remembered for a moment, so that a request costs no query and a list one, not one per row. */
export class People {
  private readonly callers = new BoundedCache<Remembered<PersonWithOrganization>>(REMEMBERED);
  private readonly running = new Map<string, Promise<PersonWithOrganization | null>>();
  private readonly badges = new BoundedCache<Remembered<UserSummary>>(REMEMBERED);

  constructor(
    private readonly db: UserDb,
    private readonly now: () => number = Date.now,
    /** Names of service tokens, which sign their work like people do. */
    private readonly tokenNames: (token_ids: readonly number[]) => Promise<ReadonlyMap<number, string>> = async () =>
      new Map(),
  ) {}

  /** The person, if remembered. */
  known(user_id: string): PersonWithOrganization | null {
    const found = this.callers.get(user_id);
    return found && this.isFresh(found) ? found.value : null;
  }

  /** The person, or null when nobody has this id. Requests at the same moment share one query. */
  async get(user_id: string): Promise<PersonWithOrganization | null> {
    const known = this.known(user_id);
    if (known) return known;
    const running = this.running.get(user_id) ?? this.read(user_id);
    this.running.set(user_id, running);
    return running;
  }

  /**
   * Names and badges of these people by id, and their addresses where they are for the viewer's eyes; ids nobody has are missing. At most
   * one query, and one for service tokens.
   */
  async summaries(
    user_ids: Iterable<string>,
    viewer: AddressViewer = ANYBODY,
  ): Promise<ReadonlyMap<string, UserSummary>> {
    const found = await this.badgesOf(user_ids);
    return new Map([...found].map(([id, person]) => [id, shownTo(viewer, person)]));
  }

  private async badgesOf(user_ids: Iterable<string>): Promise<Map<string, UserSummary>> {
    const found = new Map<string, UserSummary>();
    const missing = new Set<string>();
    const tokens = new Set<number>();
    for (const id of user_ids) {
      const known = this.summary(id);
      if (known) found.set(id, known);
      else {
        const token_id = serviceTokenId(id);
        if (token_id === null) missing.add(id);
        else tokens.add(token_id);
      }
    }
    const remember = (value: UserSummary) => {
      this.badges.set(value.id, { value, read_at: this.now() });
      found.set(value.id, value);
    };
    if (missing.size > 0)
      for (const person of (await this.db.users.byIds(missing)).values()) remember(toSummary(person));
    if (tokens.size > 0)
      for (const [id, name] of await this.tokenNames([...tokens]))
        remember({
          id: serviceUserId(id),
          email: '',
          full_name: name,
          avatar_name: null,
          badge_color: null,
          is_active: true,
        });
    return found;
  }

  /**
   * People by part of their name, and of their e-mail address where `viewer` is shown it; only those who can sign in unless asked
   * otherwise.
   */
  async search(viewer: AddressViewer, q: string, limit: number, options: PeopleSearch = {}): Promise<UserSummary[]> {
    const whole_address = !viewer.sees_addresses;
    const found = await this.db.users.search(q, limit, { ...options, whole_address });
    return found.map((person) => {
      const summary = toSummary(person);
      return isSame(summary.email, q) ? summary : shownTo(viewer, summary);
    });
  }

  /** Their account was changed: what is remembered about them is read again. */
  forget(user_id: string): void {
    this.callers.delete(user_id);
    this.running.delete(user_id);
    this.badges.delete(user_id);
  }

  private summary(user_id: string): UserSummary | null {
    const badge = this.badges.get(user_id);
    if (badge && this.isFresh(badge)) return badge.value;
    const caller = this.known(user_id);
    return caller && toSummary(caller);
  }

  private read(user_id: string): Promise<PersonWithOrganization | null> {
    const reading: Promise<PersonWithOrganization | null> = this.db.users.get(user_id).then(
      (value) => {
        // Forgotten meanwhile: what was read may be older than the change.
        if (this.running.get(user_id) !== reading) return value;
        this.running.delete(user_id);
        if (value) this.callers.set(user_id, { value, read_at: this.now() });
        else this.callers.delete(user_id);
        return value;
      },
      (error: unknown) => {
        if (this.running.get(user_id) === reading) this.running.delete(user_id);
        throw error;
      },
    );
    return reading;
  }

  private isFresh({ read_at }: Remembered<unknown>): boolean {
    return this.now() - read_at < PERSON_TTL_MS;
  }
}

/** Who is shown people, and whether with their e-mail addresses. */
export interface AddressViewer {
  readonly user_id: string;
  readonly sees_addresses: boolean;
}

/** Nobody in particular: what is told to all who may look at something. */
const ANYBODY: AddressViewer = { user_id: '', sees_addresses: false };

/** Whoever is let in somewhere where addresses belong to what is shown. */
export const ENTITLED: AddressViewer = { user_id: '', sees_addresses: true };

/** Members know each other's addresses. Others may only look at a dataset that is open to them. */
export function viewerOf({ user, project }: ProjectAuth): AddressViewer {
  return { user_id: user.id, sees_addresses: project.is_member || seesAddresses(user) };
}

/** The person without the address, unless it is for the viewer's eyes. */
export function shownTo({ user_id, sees_addresses }: AddressViewer, person: UserSummary): UserSummary {
  return sees_addresses || person.id === user_id ? person : { ...person, email: '' };
}

function isSame(email: string, typed: string): boolean {
  return email.toLowerCase() === typed.normalize('NFC').trim().toLowerCase();
}

/** A person as members of their projects know them. */
export function toSummary({ id, email, full_name, avatar_name, badge_color, is_active }: Person): UserSummary {
  return { id, email, full_name, avatar_name, badge_color, is_active };
}
