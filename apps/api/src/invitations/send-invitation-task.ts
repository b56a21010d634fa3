import type { Task } from '../jobs/task.js';

export interface SendInvitation {
  readonly invitation_id: number;
}

/** Sends the link of an invitation by e-mail. */
export const SEND_INVITATION: Task<SendInvitation> = {
  name: 'invitations.send',
  max_attempts: 10,
  key: ({ invitation_id }) => `invitations.send:${invitation_id}`,
};
