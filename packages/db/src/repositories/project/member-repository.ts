import type { Role } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import type { MemberRow } from './project-repository.js';

const COLUMNS = 'user_id, role, granted_by, granted_at';

export interface Standing {
  readonly user_id: string;
  readonly role: Role;
  /** The invitation the membership came from. */
  readonly invitation_id: number | null;
}

/** Changes of who may do what in a project. To be used in one transaction that begins with `lock`. */
export class MemberRepository {
  constructor(private readonly connection: Connection) {}

  /** Makes other changes of the project's members wait for this transaction. False when the project is gone. */
  async lock(project_id: number): Promise<boolean> {
    const row = await this.connection.one(
      `select p.id from annotation_projects p join datasets d on d.id = p.dataset_id
        where p.id = $1 and d.deleted_at is null for no key update of p`,
      [project_id],
    );
    return row !== null;
  }

  /** The memberships of these people, and how many owners there are. */
  async standing(
    project_id: number,
    user_ids: readonly string[],
  ): Promise<{ members: Map<string, Standing>; owners: number }> {
    const rows = await this.connection.rows<Standing>(
      `select user_id, role, invitation_id from project_permissions
        where project_id = $1 and (user_id = any ($2) or role = 'owner')`,
      [project_id, user_ids],
    );
    return {
      members: new Map(rows.map((row) => [row.user_id, row])),
      owners: rows.filter(({ role }) => role === 'owner').length,
    };
  }

  /** Throws duplicate when they are a member already. */
  async add(member: {
    project_id: number;
    user_id: string;
    role: Role;
    granted_by: string;
    invitation_id?: number;
  }): Promise<MemberRow> {
    const row = await this.connection.one<MemberRow>(
      `insert into project_permissions (project_id, user_id, role, granted_by, invitation_id)
        values ($1, $2, $3, $4, $5) returning ${COLUMNS}`,
      [member.project_id, member.user_id, member.role, member.granted_by, member.invitation_id ?? null],
    );
    return row as MemberRow;
  }

  async setRole(project_id: number, user_id: string, role: Role, granted_by: string): Promise<MemberRow | null> {
    return this.connection.one<MemberRow>(
      `update project_permissions set role = $3, granted_by = $4, granted_at = now()
        where project_id = $1 and user_id = $2 returning ${COLUMNS}`,
      [project_id, user_id, role, granted_by],
    );
  }

  async remove(project_id: number, user_id: string): Promise<void> {
    await this.connection.run(`delete from project_permissions where project_id = $1 and user_id = $2`, [
      project_id,
      user_id,
    ]);
  }

  /** One owner becomes an admin and the other member the owner, of the dataset too. */
  async transfer(project_id: number, from: string, to: string): Promise<MemberRow | null> {
    const rows = await this.connection.rows<MemberRow>(
      `with moved as (
          update project_permissions set role = case when user_id = $3 then 'owner' else 'admin' end,
            granted_by = $2, granted_at = now()
          where project_id = $1 and user_id in ($2, $3) returning ${COLUMNS}
        ), dataset as (
          update datasets d set owner_id = $3, updated_at = now()
          from annotation_projects p where p.id = $1 and p.dataset_id = d.id
        )
        select * from moved where user_id = $3`,
      [project_id, from, to],
    );
    return rows[0] ?? null;
  }

  /** Whether somebody became a member by this invitation. */
  async joinedBy(project_id: number, invitation_id: number): Promise<boolean> {
    const row = await this.connection.one(
      `select user_id from project_permissions where project_id = $1 and invitation_id = $2`,
      [project_id, invitation_id],
    );
    return row !== null;
  }

  /** Projects by id, for lists that name them. Deleted ones are missing. */
  async projectNames(
    project_ids: readonly number[],
  ): Promise<Map<number, { id: number; dataset_id: number; name: string }>> {
    if (project_ids.length === 0) return new Map();
    const rows = await this.connection.rows<{ id: number; dataset_id: number; name: string }>(
      `select p.id, p.dataset_id, d.name from annotation_projects p join datasets d on d.id = p.dataset_id
        where p.id = any ($1) and d.deleted_at is null`,
      [[...new Set(project_ids)]],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** The projects somebody is a member of. */
  async projectsOf(user_id: string): Promise<number[]> {
    const rows = await this.connection.rows<{ project_id: number }>(
      `select project_id from project_permissions where user_id = $1`,
      [user_id],
    );
    return rows.map(({ project_id }) => project_id);
  }
}
