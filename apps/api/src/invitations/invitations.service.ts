import type { Invitation, InvitationPreview, InvitationSent } from '@labelyard/contract';
import type {
  InvitationBox,
  InvitationRow,
  LabelerDb,
  LabelerTransaction,
  Page,
  PageRequest,
  Person,
  UserDb,
} from '@labelyard/db';
import {
  acceptance,
  can,
  closedProblem,
  DomainError,
  grantProblem,
  type InvitationStatus,
  isInvitee,
  type Role,
} from '@labelyard/domain';
import { Injectable } from '@nestjs/common';
import type { Auth, ProjectAuth } from '../auth/auth-context.js';
import { InjectEnv, InjectLabelerDb, InjectUserDb } from '../connections.js';
import type { Env } from '../env.js';
import { PersonEvents } from '../events/person-events.js';
import { ProjectEvents } from '../events/project-events.js';
import { InvalidRequest } from '../http/request-input.js';
import { once } from '../concurrency/once.js';
import { WeightedSlots } from '../concurrency/weighted-slots.js';
import { changeOnce } from '../idempotency/idempotency-scope.js';
import { enqueue } from '../jobs/task.js';
import { memberError } from '../members/member-error.js';
import { People, toSummary } from '../people/people.js';
import { toInvitations } from './invitation-answer.js';
import { invitationError } from './invitation-error.js';
import { invitationTokenHash, newInvitationToken } from './invitation-token.js';
import { SEND_INVITATION } from './send-invitation-task.js';

/** Invitations stand in the User DB, memberships in the Labeler DB; no transaction spans the two. */
@Injectable()
export class InvitationsService {
  /** One at a time: whoever answers holds the invitation while it waits for a connection, and whoever renews does the reverse. */
  private readonly line = new WeightedSlots(1);

  constructor(
    @InjectEnv() private readonly env: Env,
    @InjectLabelerDb() private readonly db: LabelerDb,
    @InjectUserDb() private readonly userDb: UserDb,
    private readonly people: People,
    private readonly events: ProjectEvents,
    private readonly news: PersonEvents,
  ) {}

  async create(
    auth: ProjectAuth,
    values: { email?: string | undefined; user_id?: string | undefined; role: Role; message?: string | undefined },
  ): Promise<InvitationSent> {
    const { project_id } = auth.project;
    const invitee = await this.findInvitee(values);
    const { token, token_hash } = newInvitationToken();
    const emailed = this.env.mail !== null;
    const invite = once(() =>
      this.userDb.invitations.create({
        token_hash,
        project_id,
        inviter_id: auth.user.id,
        invitee_id: invitee?.id ?? null,
        invitee_email: invitee?.email ?? values.email ?? '',
        role: values.role,
        message: values.message || null,
      }),
    );
    const answer = await changeOnce(this.db, auth, 201, async (tx) => {
      const { members } = await tx.members.standing(project_id, [auth.user.id, ...(invitee ? [invitee.id] : [])]);
      const problem = grantProblem(members.get(auth.user.id)?.role ?? null, values.role);
      if (problem) throw memberError(problem);
      if (invitee && members.has(invitee.id)) throw memberError('already_member', members.get(invitee.id)?.role);
      const row = await invite();
      await this.record(tx, auth, row, 'invitation.create', { email: row.invitee_email, role: row.role });
      await this.news.publish(tx.sql, invitee ? [auth.user.id, invitee.id] : [auth.user.id], 'invitations');
      if (emailed) await enqueue(tx.sql, SEND_INVITATION, { invitation_id: row.id });
      // What is kept for a repeated request does not hold the token.
      return { invitation: await this.answer(row, auth, { db: tx, invitee }), token: null, emailed };
    });
    return emailed ? answer : { ...answer, token };
  }

  async list(box: InvitationBox, status: InvitationStatus | undefined, page: PageRequest): Promise<Page<Invitation>> {
    const { items, next_cursor } = await this.userDb.invitations.list(box, status, page);
    return { items: await toInvitations(items, this.db, this.people), next_cursor };
  }

  async count({ user }: Auth): Promise<{ received: number }> {
    return { received: await this.userDb.invitations.countPending(user) };
  }

  /** For whoever holds the link, signed in or not. */
  async preview(token: string): Promise<InvitationPreview> {
    const row = await this.userDb.invitations.findByToken(invitationTokenHash(token));
    if (!row) throw new DomainError('not_found', 'There is no such invitation; the link may have been replaced');
    const [invitation] = await toInvitations([row], this.db, this.people);
    return {
      id: row.id,
      project_name: invitation?.project?.name ?? null,
      dataset_id: invitation?.project?.dataset_id ?? null,
      role: row.role,
      status: row.status,
      message: row.message,
      inviter_name: invitation?.inviter?.full_name ?? null,
      invitee_email: row.invitee_email,
      expires_at: row.expires_at,
    };
  }

  /**
   * The membership is made first, in the Labeler DB, and marked with the invitation; then the invitation is. It is held
   * meanwhile, so that nobody takes it back in between. A process that dies between the two leaves a pending invitation
   * whose repetition finds its own work done.
   */
  async accept(auth: Auth, invitation_id: number, token: string | undefined): Promise<Invitation> {
    const shown = await this.shownBy(token);
    return this.settle(auth, invitation_id, 'accepted', async (row) => {
      assertInvitee(auth, row, shown);
      const problem = closedProblem(row);
      if (problem) throw invitationError(problem);
      await this.db.transaction((tx) => this.join(tx, auth, row));
      return 'accepted';
    });
  }

  async decline(auth: Auth, invitation_id: number, token: string | undefined): Promise<Invitation> {
    const shown = await this.shownBy(token);
    return this.settle(auth, invitation_id, 'declined', async (row) => {
      assertInvitee(auth, row, shown);
      return this.close(auth, row, 'declined');
    });
  }

  async cancel(auth: Auth, invitation_id: number): Promise<Invitation> {
    return this.settle(auth, invitation_id, 'cancelled', async (row) => {
      await this.assertManages(auth, row);
      return this.close(auth, row, 'cancelled');
    });
  }

  async renew(auth: Auth, invitation_id: number): Promise<InvitationSent> {
    const row = (await this.userDb.invitations.get(invitation_id)) ?? missing();
    const role = await this.assertManages(auth, row);
    const problem = grantProblem(role, row.role);
    if (problem) throw memberError(problem);
    const { token, token_hash } = newInvitationToken();
    const emailed = this.env.mail !== null;
    const renew = async (tx: LabelerTransaction) => {
      const renewed = await this.userDb.invitations.renew(invitation_id, token_hash);
      if (!renewed) throw invitationError(closedProblem(row) ?? 'cancelled');
      await this.record(tx, auth, renewed, 'invitation.renew', { email: renewed.invitee_email });
      if (emailed) await enqueue(tx.sql, SEND_INVITATION, { invitation_id });
      return { invitation: await this.answer(renewed, auth, { db: tx }), token: null, emailed };
    };
    const answer = await this.line.run(1, () => changeOnce(this.db, auth, 200, renew));
    return emailed ? answer : { ...answer, token };
  }

  private async join(tx: LabelerTransaction, auth: Auth, row: InvitationRow): Promise<void> {
    const { project_id, inviter_id, role, id } = row;
    const exists = await tx.members.lock(project_id);
    const { members } = await tx.members.standing(project_id, [inviter_id, auth.user.id]);
    const result = acceptance(row, {
      exists,
      inviter_role: members.get(inviter_id)?.role ?? null,
      membership: members.get(auth.user.id) ?? null,
    });
    if (result.outcome === 'refused') throw invitationError(result.problem);
    if (result.outcome === 'joined_before') return;
    await tx.members.add({ project_id, user_id: auth.user.id, role, granted_by: inviter_id, invitation_id: id });
    await this.record(tx, auth, row, 'invitation.accept', { role });
    await this.events.publish(tx.sql, project_id, { type: 'member', user_id: auth.user.id });
    await this.news.publish(tx.sql, [auth.user.id], 'projects');
  }

  /** Ends an invitation without a membership; `accepted` when a crash left it open after the person had joined. */
  private async close(
    auth: Auth,
    row: InvitationRow,
    status: 'declined' | 'cancelled',
  ): Promise<'accepted' | 'declined' | 'cancelled'> {
    const problem = closedProblem(row);
    if (problem) throw invitationError(problem);
    if (await this.db.members.joinedBy(row.project_id, row.id)) return 'accepted';
    const action = status === 'declined' ? 'invitation.decline' : 'invitation.cancel';
    await this.record(this.db, auth, row, action, { email: row.invitee_email });
    return status;
  }

  private async settle(
    auth: Auth,
    invitation_id: number,
    wanted: InvitationStatus,
    decide: (row: InvitationRow) => Promise<'accepted' | 'declined' | 'cancelled'>,
  ): Promise<Invitation> {
    const row = (await this.line.run(1, () => this.userDb.invitations.settle(invitation_id, decide))) ?? missing();
    // Not in the transaction that writes the row, which is another database's.
    const invitee_id = row.invitee_id ?? (await this.userDb.users.findByEmail(row.invitee_email))?.id;
    await this.news.publish(this.db.sql, [row.inviter_id, ...(invitee_id ? [invitee_id] : [])], 'invitations');
    // The list of members has the pending invitations: whoever read it when the membership was told found this one open still.
    await this.events.publish(this.db.sql, row.project_id, { type: 'member', user_id: invitee_id ?? auth.user.id });
    if (row.status !== wanted) throw invitationError('accepted');
    return this.answer(row, auth);
  }

  /** The invitation whose link this is. Looked up before one is held: that takes a connection of the same pool. */
  private async shownBy(token: string | undefined): Promise<number | null> {
    if (token === undefined) return null;
    return (await this.userDb.invitations.findByToken(invitationTokenHash(token)))?.id ?? null;
  }

  /** Its sender may take it back, and so may whoever manages the members now. Answers the caller's role. */
  private async assertManages(auth: Auth, row: InvitationRow): Promise<Role | null> {
    const access = await this.db.projects.access({ project_id: row.project_id }, auth.viewer);
    const role = access?.is_member ? access.role : null;
    if (row.inviter_id !== auth.user.id && !can(role, 'member.manage')) missing();
    return role;
  }

  private async findInvitee(values: {
    email?: string | undefined;
    user_id?: string | undefined;
  }): Promise<Person | null> {
    const { email, user_id } = values;
    const person =
      user_id === undefined ? await this.userDb.users.findByEmail(email ?? '') : await this.people.get(user_id);
    const path = user_id === undefined ? 'email' : 'user_id';
    if (user_id !== undefined && !person)
      throw new InvalidRequest([
        { in: 'body', path, code: 'unknown_person', message: 'is nobody; GET /users/search finds people' },
      ]);
    if (person && !person.is_active)
      throw new InvalidRequest([
        { in: 'body', path, code: 'deactivated', message: 'is somebody whose account is switched off' },
      ]);
    return person;
  }

  /** `db`: the transaction that is open, which must not wait for a second connection while others wait for its first. */
  private async answer(
    row: InvitationRow,
    { user }: Auth,
    { db = this.db, invitee = null }: { db?: Pick<LabelerTransaction, 'members'>; invitee?: Person | null } = {},
  ): Promise<Invitation> {
    const known = invitee ? [user, invitee] : [user];
    const [invitation] = await toInvitations([row], db, this.people, known.map(toSummary));
    return invitation as Invitation;
  }

  private record(
    { audit }: Pick<LabelerTransaction, 'audit'>,
    { user }: Auth,
    { id, project_id }: InvitationRow,
    action: string,
    details: Record<string, unknown>,
  ): Promise<void> {
    return audit.record({
      project_id,
      actor_id: user.id,
      action,
      subject_type: 'invitation',
      subject_id: id,
      details,
    });
  }
}

/** Somebody else's invitation is not there; whoever shows its link is told that it is somebody else's. */
function assertInvitee({ user }: Auth, row: InvitationRow, shown: number | null): void {
  if (isInvitee(row, user)) return;
  if (shown === row.id) throw invitationError('wrong_person');
  missing();
}

function missing(): never {
  throw new DomainError('not_found', 'There is no such invitation, or it is not yours');
}
