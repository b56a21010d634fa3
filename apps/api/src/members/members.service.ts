import type { Member, memberSearchQuery } from '@labelyard/contract';
import type { LabelerDb, LabelerTransaction, MemberRow, Page, PageRequest } from '@labelyard/db';
import {
  addMemberProblem,
  can,
  changeRoleProblem,
  DomainError,
  type MemberChange,
  type MemberProblem,
  removeMemberProblem,
  type Role,
  ROLES,
  rolesFor,
  transferProblem,
} from '@labelyard/domain';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { ProjectAuth } from '../auth/auth-context.js';
import { InjectLabelerDb } from '../connections.js';
import { PersonEvents } from '../events/person-events.js';
import { ProjectEvents } from '../events/project-events.js';
import { InvalidRequest } from '../http/request-input.js';
import { changeOnce } from '../idempotency/idempotency-scope.js';
import { People, viewerOf } from '../people/people.js';
import { handOver } from './hand-over.js';
import { memberError } from './member-error.js';

type MemberSearch = z.output<typeof memberSearchQuery>;

/** Who may do what in a project. Every change is decided under a lock on the project: two at once see each other. */
@Injectable()
export class MembersService {
  constructor(
    @InjectLabelerDb() private readonly db: LabelerDb,
    private readonly people: People,
    private readonly events: ProjectEvents,
    private readonly news: PersonEvents,
  ) {}

  async list(auth: ProjectAuth, page: PageRequest): Promise<Page<Member>> {
    const { items, next_cursor } = await this.db.projects.members(auth.project.project_id, page);
    const people = await this.people.summaries(
      items.map((item) => item.user_id),
      viewerOf(auth),
    );
    return { items: items.map((item) => ({ ...item, user: people.get(item.user_id) ?? null })), next_cursor };
  }

  /** Memberships are here, names in the other database: the ids go there, and those found come back in its order. */
  async search(auth: ProjectAuth, { q, limit, workers }: MemberSearch): Promise<Page<Member>> {
    const rows = await this.db.projects.membersWith(auth.project.project_id, workers ? rolesFor('task.work') : ROLES);
    const byId = new Map(rows.map((row) => [row.user_id, row]));
    const people = await this.people.search(viewerOf(auth), q, limit, { among: [...byId.keys()], inactive: !workers });
    const items = people.flatMap((user) => {
      const row = byId.get(user.id);
      return row ? [{ ...row, user }] : [];
    });
    return { items, next_cursor: null };
  }

  async add(auth: ProjectAuth, user_id: string, role: Role): Promise<Member> {
    const user = (await this.people.summaries([user_id], viewerOf(auth))).get(user_id);
    if (!user?.is_active)
      throw new InvalidRequest([
        {
          in: 'body',
          path: 'user_id',
          code: user ? 'deactivated' : 'unknown_person',
          message: user ? 'is somebody whose account is switched off' : 'is nobody; GET /users/search finds people',
        },
      ]);
    return changeOnce(this.db, auth, 201, async (tx) => {
      const change = await this.begin(tx, auth, user.id);
      refuse(addMemberProblem(change, role), change);
      const row = await tx.members.add({ ...this.place(auth), user_id: user.id, role, granted_by: auth.user.id });
      await this.tell(tx, auth, 'member.add', user.id, { role });
      return { ...toMember(row), user };
    });
  }

  async changeRole(auth: ProjectAuth, user_id: string, role: Role): Promise<Member> {
    const users = await this.people.summaries([user_id], viewerOf(auth));
    return this.db.transaction(async (tx) => {
      const change = await this.begin(tx, auth, user_id);
      refuse(changeRoleProblem(change, role), change);
      const row = await tx.members.setRole(auth.project.project_id, user_id, role, auth.user.id);
      await this.tell(tx, auth, 'member.update', user_id, { before: change.target.role, after: role });
      if (!can(role, 'task.work')) await this.handOver(tx, auth, user_id);
      return { ...toMember(row), user: users.get(user_id) ?? null };
    });
  }

  /** Takes somebody's membership away, or one's own. Their next request is answered as a stranger's, and what they held is free. */
  async remove(auth: ProjectAuth, user_id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const change = await this.begin(tx, auth, user_id);
      refuse(removeMemberProblem(change), change);
      await tx.members.remove(auth.project.project_id, user_id);
      const action = user_id === auth.user.id ? 'member.leave' : 'member.remove';
      await this.tell(tx, auth, action, user_id, { role: change.target.role });
      await this.handOver(tx, auth, user_id);
    });
  }

  async transfer(auth: ProjectAuth, user_id: string): Promise<Member> {
    const user = (await this.people.summaries([user_id], viewerOf(auth))).get(user_id) ?? null;
    return changeOnce(this.db, auth, 200, async (tx) => {
      const change = await this.begin(tx, auth, user_id);
      refuse(transferProblem(change), change);
      if (!user?.is_active)
        throw new InvalidRequest([
          { in: 'body', path: 'user_id', code: 'deactivated', message: 'is somebody who cannot sign in' },
        ]);
      const row = await tx.members.transfer(auth.project.project_id, auth.user.id, user_id);
      await this.tell(tx, auth, 'project.transfer', user_id, { from: auth.user.id, to: user_id });
      await this.events.publish(tx.sql, auth.project.project_id, { type: 'member', user_id: auth.user.id });
      return { ...toMember(row), user };
    });
  }

  /** Holds the project's members and reads what a decision needs. The caller's role may have changed since access was checked. */
  private async begin(tx: LabelerTransaction, auth: ProjectAuth, user_id: string): Promise<MemberChange> {
    const { project_id } = auth.project;
    if (!(await tx.members.lock(project_id))) throw new DomainError('not_found', 'The project does not exist any more');
    const { members, owners } = await tx.members.standing(project_id, [auth.user.id, user_id]);
    return {
      actor: { user_id: auth.user.id, role: members.get(auth.user.id)?.role ?? null },
      target: { user_id, role: members.get(user_id)?.role ?? null },
      owners,
    };
  }

  private handOver(tx: LabelerTransaction, { project, user }: ProjectAuth, user_id: string): Promise<void> {
    return handOver(tx, this.events, { user_id, project_id: project.project_id, done_by: user.id });
  }

  private place({ project }: ProjectAuth): { project_id: number } {
    return { project_id: project.project_id };
  }

  private async tell(
    tx: LabelerTransaction,
    auth: ProjectAuth,
    action: string,
    user_id: string,
    details: Record<string, unknown>,
  ): Promise<void> {
    const { project_id } = auth.project;
    await tx.audit.record({
      project_id,
      actor_id: auth.user.id,
      action,
      subject_type: 'user',
      subject_id: user_id,
      details,
    });
    await this.events.publish(tx.sql, project_id, { type: 'member', user_id });
    await this.news.publish(tx.sql, [user_id], 'projects');
  }
}

function refuse(problem: MemberProblem | null, { target }: MemberChange): void {
  if (problem) throw memberError(problem, target.role);
}

function toMember(row: MemberRow | null): MemberRow {
  if (!row) throw new DomainError('not_found', 'The member is gone');
  return row;
}
