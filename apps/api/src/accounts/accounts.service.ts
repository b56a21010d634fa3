import type { Account, Me } from '@labelyard/contract';
import type {
  AccountPatch,
  LabelerDb,
  LabelerTransaction,
  Page,
  PageRequest,
  PersonWithOrganization,
  UserDb,
} from '@labelyard/db';
import { DomainError, type SystemRole } from '@labelyard/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { Auth } from '../auth/auth-context.js';
import { toMe } from '../auth/me-answer.js';
import { hashPassword, PasswordCheck } from '../auth/password-check.js';
import { ACCOUNTS_DB, InjectLabelerDb, InjectUserDb } from '../connections.js';
import { once } from '../concurrency/once.js';
import { ProjectEvents } from '../events/project-events.js';
import { InvalidRequest } from '../http/request-input.js';
import { changeOnce } from '../idempotency/idempotency-scope.js';
import { handOver } from '../members/hand-over.js';
import { PeopleNews } from '../people/people-news.js';
import { toSummary } from '../people/people.js';
import { oneTimePassword } from './one-time-password.js';

const PATCHED = ['email', 'full_name', 'system_role', 'organization', 'is_active'] as const;

/**
 * People's accounts where this installation keeps them itself. The change is made in the User DB inside the transaction
 * that writes the audit log, as its last step that can be refused: what was refused is not logged as done.
 */
@Injectable()
export class AccountsService {
  constructor(
    @Inject(ACCOUNTS_DB) private readonly owner: UserDb | null,
    @InjectUserDb() private readonly userDb: UserDb,
    @InjectLabelerDb() private readonly db: LabelerDb,
    private readonly passwords: PasswordCheck,
    private readonly news: PeopleNews,
    private readonly events: ProjectEvents,
  ) {}

  async list(
    { q, active }: { q: string; active?: 'true' | 'false' | undefined },
    page: PageRequest,
  ): Promise<Page<Account>> {
    const is_active = active === undefined ? undefined : active === 'true';
    const { items, next_cursor } = await this.accounts().list({ q, is_active }, page);
    return { items: items.map(toAccount), next_cursor };
  }

  organizations(page: PageRequest): Promise<Page<{ id: string; name: string }>> {
    return this.accounts().organizations(page);
  }

  async create(
    auth: Auth,
    values: { email: string; full_name: string; system_role: SystemRole; organization: string | null },
  ): Promise<{ account: Account; password: string | null }> {
    const accounts = this.accounts();
    const password = oneTimePassword();
    const hashed_password = await hashPassword(password);
    const add = once(() => accounts.create({ ...values, hashed_password }));
    const answer = await changeOnce(this.db, auth, 201, async (tx) => {
      const person = await add();
      await record(tx, auth, 'person.add', person.id, { ...values });
      return { account: toAccount(person), password: null };
    });
    return { ...answer, password };
  }

  async update(auth: Auth, user_id: string, patch: AccountPatch): Promise<Account> {
    const accounts = this.accounts();
    const change = once(() => accounts.update(user_id, patch));
    return this.db.transaction(async (tx) => {
      const { before, after } = await change();
      const changed = PATCHED.filter((field) => patch[field] !== undefined);
      await record(tx, auth, 'person.update', user_id, { before: pick(before, changed), after: pick(after, changed) });
      await this.news.changed(tx.sql, user_id);
      // Whoever shows their name, and their own streams, hear of it.
      if (before.is_active !== after.is_active)
        await this.events.publishToAll(tx.sql, await tx.members.projectsOf(user_id), { type: 'member', user_id });
      if (!after.is_active) await handOver(tx, this.events, { user_id, project_id: null, done_by: auth.user.id });
      return toAccount(after);
    });
  }

  /** Ends all sessions of the person; `own` is called with what a session of today carries, if it is the caller. */
  async resetPassword(
    auth: Auth,
    user_id: string,
    own: (epoch: number) => void,
  ): Promise<{ account: Account; password: string | null }> {
    const accounts = this.accounts();
    const password = oneTimePassword();
    const hashed_password = await hashPassword(password);
    const reset = once(() => accounts.setPassword(user_id, hashed_password));
    const answer = await changeOnce(this.db, auth, 200, async (tx) => {
      const person = await reset();
      await record(tx, auth, 'person.reset_password', user_id, {});
      await this.news.changed(tx.sql, user_id);
      if (user_id === auth.user.id) own(person.session_epoch);
      return { account: toAccount(person), password: null };
    });
    return { ...answer, password };
  }

  async updateMe(auth: Auth, { full_name }: { full_name?: string | undefined }): Promise<Me> {
    const accounts = this.accounts();
    const { after } = await accounts.update(auth.user.id, { full_name });
    await this.news.changed(this.db.sql, auth.user.id);
    return toMe(after, true);
  }

  /** Answers what a session of today carries; all others are over once every process has heard of it: see {@link endSessions}. */
  async changePassword(auth: Auth, old_password: string, new_password: string): Promise<number> {
    const accounts = this.accounts();
    const person = await this.userDb.users.findByEmail(auth.user.email);
    // Not 401: the session is fine, a field is wrong.
    if (!(await this.passwords.verify(person?.hashed_password ?? null, old_password)))
      throw new InvalidRequest([{ in: 'body', path: 'old_password', code: 'wrong_password', message: 'is wrong' }]);
    const { session_epoch } = await accounts.setPassword(auth.user.id, await hashPassword(new_password));
    await record(this.db, auth, 'person.change_password', auth.user.id, {});
    return session_epoch;
  }

  /** Where it fails, what is remembered of the person is read anew within seconds. */
  async endSessions(user_id: string): Promise<void> {
    await this.news.changed(this.db.sql, user_id).catch(() => undefined);
  }

  /** @throws forbidden where somebody else keeps the people */
  private accounts(): UserDb['accounts'] {
    if (this.owner) return this.owner.accounts;
    throw new DomainError(
      'forbidden',
      'The people of this installation are kept by the Platform: change them there (USER_DB_MANAGED is not set here)',
      { reason: 'people_not_managed' },
    );
  }
}

function toAccount(person: PersonWithOrganization): Account {
  const { system_role, organization, created_at } = person;
  return { ...toSummary(person), system_role, organization, created_at };
}

function pick(person: PersonWithOrganization, fields: readonly (typeof PATCHED)[number][]): Record<string, unknown> {
  return Object.fromEntries(
    fields.map((field) => [field, field === 'organization' ? (person.organization?.name ?? null) : person[field]]),
  );
}

function record(
  { audit }: Pick<LabelerTransaction, 'audit'>,
  { user }: Auth,
  action: string,
  user_id: string,
  details: Record<string, unknown>,
): Promise<void> {
  return audit.record({
    project_id: null,
    actor_id: user.id,
    action,
    subject_type: 'user',
    subject_id: user_id,
    details,
  });
}
