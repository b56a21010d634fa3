import type { Invitation, UserSummary } from '@labelyard/contract';
import type { InvitationRow, LabelerDb } from '@labelyard/db';
import { ENTITLED, type People } from '../people/people.js';

/** Invitations for the wire, which both sides know each other's address by: people by one look-up for all, projects by one query. */
export async function toInvitations(
  rows: readonly InvitationRow[],
  db: Pick<LabelerDb, 'members'>,
  people: People,
  known: readonly UserSummary[] = [],
): Promise<Invitation[]> {
  const at_hand = new Map(known.map((person) => [person.id, person]));
  const ids = rows.flatMap(({ inviter_id, invitee_id }) => (invitee_id ? [inviter_id, invitee_id] : [inviter_id]));
  const [summaries, projects] = await Promise.all([
    people.summaries(
      ids.filter((id) => !at_hand.has(id)),
      ENTITLED,
    ),
    db.members.projectNames(rows.map(({ project_id }) => project_id)),
  ]);
  const person = (id: string | null) => (id === null ? null : (at_hand.get(id) ?? summaries.get(id) ?? null));
  return rows.map((row) => ({
    ...row,
    project: projects.get(row.project_id) ?? null,
    inviter: person(row.inviter_id),
    invitee: person(row.invitee_id),
  }));
}
