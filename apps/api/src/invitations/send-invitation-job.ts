import type { LabelerDb, UserDb } from '@labelyard/db';
import { Injectable } from '@nestjs/common';
import { InjectEnv, InjectLabelerDb, InjectUserDb } from '../connections.js';
import type { Env } from '../env.js';
import { Mailer } from '../http/mailer.js';
import { JobRegistry, type JobHandler } from '../jobs/job-registry.js';
import { People } from '../people/people.js';
import { invitationMail } from './invitation-mail.js';
import { newInvitationToken } from './invitation-token.js';
import { SEND_INVITATION, type SendInvitation } from './send-invitation-task.js';

/**
 * Sends an invitation's link. The token is made here, so that it stands in no queue; a second attempt makes another one,
 * and the e-mail that came last holds the link that works.
 */
@Injectable()
export class SendInvitationJob implements JobHandler<SendInvitation> {
  readonly task = SEND_INVITATION;

  constructor(
    @InjectEnv() private readonly env: Env,
    @InjectLabelerDb() private readonly db: LabelerDb,
    @InjectUserDb() private readonly userDb: UserDb,
    private readonly people: People,
    private readonly mailer: Mailer,
    registry: JobRegistry,
  ) {
    registry.add(this);
  }

  async run({ invitation_id }: SendInvitation): Promise<void> {
    if (!this.env.mail) return;
    const { token, token_hash } = newInvitationToken();
    const row = await this.userDb.invitations.setToken(invitation_id, token_hash);
    // Answered, taken back or run out meanwhile.
    if (!row) return;
    const project = (await this.db.members.projectNames([row.project_id])).get(row.project_id);
    if (!project) return;
    const inviter = (await this.people.summaries([row.inviter_id])).get(row.inviter_id);
    const mail = invitationMail({
      inviter: inviter?.full_name ?? 'Labelyard',
      project: project.name,
      role: row.role,
      message: row.message,
      link: `${this.env.mail.web_url}/invitations/${token}`,
      expires_at: row.expires_at,
    });
    await this.mailer.send({ to: row.invitee_email, ...mail });
  }
}
