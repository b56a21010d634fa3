import { DomainError, INVITATION_DAYS, type InvitationStatus, type Role } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { decodeCursor, encodeCursor, type Page, pageOf, type PageRequest } from '../paging.js';

export interface InvitationRow {
  readonly id: number;
  readonly project_id: number;
  readonly inviter_id: string;
  readonly invitee_id: string | null;
  readonly invitee_email: string;
  readonly role: Role;
  /** As it is now: one that ran out is `expired`, whatever its row says. */
  readonly status: InvitationStatus;
  readonly message: string | null;
  readonly created_at: string;
  readonly expires_at: string;
  readonly accepted_at: string | null;
  readonly cancelled_at: string | null;
}

export interface NewInvitation {
  /** SHA-256 of the token; the token itself is kept nowhere. */
  readonly token_hash: string;
  readonly project_id: number;
  readonly inviter_id: string;
  readonly invitee_id: string | null;
  readonly invitee_email: string;
  readonly role: Role;
  readonly message: string | null;
}

/** Whose invitations: to a person, by a person, or to a project. */
export type InvitationBox =
  | { readonly invitee: { readonly id: string; readonly email: string } }
  | { readonly inviter_id: string }
  | { readonly project_id: number };

const STATUS = `case when i.status = 'pending' and i.expires_at <= now() then 'expired' else i.status end`;

// The Platform may keep ids as other types: they are read as text and compared in their own.
const COLUMNS = `i.id, i.project_id::text::bigint as project_id, i.inviter_id::text as inviter_id,
  i.invitee_id::text as invitee_id, i.invitee_email, i.role, ${STATUS} as status, i.message, i.created_at, i.expires_at,
  i.accepted_at, i.cancelled_at`;

const EXPIRY = `now() + interval '${INVITATION_DAYS} days'`;

/** Invitations: the only table of the User DB that Labelyard writes. */
export class InvitationRepository {
  constructor(private readonly connection: Connection) {}

  /** Throws duplicate, the pending one as details.current, when the person has one to this project. */
  create(values: NewInvitation): Promise<InvitationRow> {
    return this.connection.atomic(async (transaction) => {
      // Two people may invite the same person at once; the Platform's table may have no index that refuses the second.
      await transaction.run(`select pg_advisory_xact_lock(hashtextextended('labelyard.invitations', $1))`, [
        values.project_id,
      ]);
      const earlier = await transaction.rows<InvitationRow>(
        `select ${COLUMNS} from invitations i
          where i.project_id = $1 and i.status = 'pending' and (lower(i.invitee_email) = lower($2) or i.invitee_id = $3)`,
        [values.project_id, values.invitee_email, values.invitee_id],
      );
      const current = earlier.find(({ status }) => status === 'pending');
      if (current)
        throw new DomainError('duplicate', 'This person has a pending invitation to the project', {
          reason: 'already_invited',
          current,
        });
      if (earlier.length > 0)
        await transaction.run(`update invitations set status = 'expired' where id = any ($1)`, [
          earlier.map(({ id }) => id),
        ]);
      const row = await transaction.one<InvitationRow>(
        `insert into invitations as i
            (token, project_id, inviter_id, invitee_id, invitee_email, role, message, status, created_at, expires_at)
          values ($1, $2, $3, $4, $5, $6, $7, 'pending', now(), ${EXPIRY}) returning ${COLUMNS}`,
        [
          values.token_hash,
          values.project_id,
          values.inviter_id,
          values.invitee_id,
          values.invitee_email,
          values.role,
          values.message,
        ],
      );
      return row as InvitationRow;
    });
  }

  get(invitation_id: number): Promise<InvitationRow | null> {
    return this.connection.one(`select ${COLUMNS} from invitations i where i.id = $1`, [invitation_id]);
  }

  findByToken(token_hash: string): Promise<InvitationRow | null> {
    return this.connection.one(`select ${COLUMNS} from invitations i where i.token = $1`, [token_hash]);
  }

  /** Newest first. */
  async list(
    box: InvitationBox,
    status: InvitationStatus | undefined,
    { limit, cursor }: PageRequest,
  ): Promise<Page<InvitationRow>> {
    const order = 'invitations';
    const after = decodeCursor<[number]>(order, ['number'], cursor);
    const { where, values } = boxWhere(box);
    const n = values.length;
    const rows = await this.connection.rows<InvitationRow>(
      `select ${COLUMNS} from invitations i
        where ${where} and ($${n + 1}::text is null or ${STATUS} = $${n + 1}) and ($${n + 2}::bigint is null or i.id < $${n + 2})
        order by i.id desc limit $${n + 3}`,
      [...values, status ?? null, after?.[0] ?? null, limit + 1],
    );
    return pageOf(rows, limit, (last) => encodeCursor(order, [last.id]));
  }

  /** How many wait for the person's answer. */
  async countPending(invitee: { readonly id: string; readonly email: string }): Promise<number> {
    const { where, values } = boxWhere({ invitee });
    const row = await this.connection.one<{ count: number }>(
      `select count(*) as count from invitations i where ${where} and i.status = 'pending' and i.expires_at > now()`,
      values,
    );
    return row?.count ?? 0;
  }

  /** Another token and the whole time again, for one that was not answered. Null when it was. */
  renew(invitation_id: number, token_hash: string): Promise<InvitationRow | null> {
    return this.connection.one(
      `update invitations i set token = $2, status = 'pending', expires_at = ${EXPIRY}
        where i.id = $1 and i.status in ('pending', 'expired') returning ${COLUMNS}`,
      [invitation_id, token_hash],
    );
  }

  /** Another token for a pending one, before its link is sent. Null when it is not pending. */
  setToken(invitation_id: number, token_hash: string): Promise<InvitationRow | null> {
    return this.connection.one(
      `update invitations i set token = $2 where i.id = $1 and i.status = 'pending' and i.expires_at > now()
        returning ${COLUMNS}`,
      [invitation_id, token_hash],
    );
  }

  /**
   * Decides about an invitation while nobody else can: `decide` sees the row, held until it resolves, and answers what it
   * becomes. When it throws, nothing changes. Null when there is no such invitation.
   */
  settle(
    invitation_id: number,
    decide: (row: InvitationRow) => Promise<'accepted' | 'declined' | 'cancelled'>,
  ): Promise<InvitationRow | null> {
    return this.connection.atomic(async (transaction) => {
      const row = await transaction.one<InvitationRow>(
        `select ${COLUMNS} from invitations i where i.id = $1 for update`,
        [invitation_id],
      );
      if (!row) return null;
      const status = await decide(row);
      return transaction.one<InvitationRow>(
        `update invitations i set status = $2,
            accepted_at = case when $2 = 'accepted' then now() else i.accepted_at end,
            cancelled_at = case when $2 = 'cancelled' then now() else i.cancelled_at end
          where i.id = $1 returning ${COLUMNS}`,
        [invitation_id, status],
      );
    });
  }
}

function boxWhere(box: InvitationBox): { where: string; values: unknown[] } {
  if ('invitee' in box)
    return {
      where: '(i.invitee_id = $1 or lower(i.invitee_email) = lower($2))',
      values: [box.invitee.id, box.invitee.email],
    };
  if ('inviter_id' in box) return { where: 'i.inviter_id = $1', values: [box.inviter_id] };
  return { where: 'i.project_id = $1', values: [box.project_id] };
}
