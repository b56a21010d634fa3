import { Module } from '@nestjs/common';
import { Mailer } from '../http/mailer.js';
import { PeopleModule } from '../people/people.module.js';
import { InvitationsController } from './invitations.controller.js';
import { InvitationsService } from './invitations.service.js';
import { SendInvitationJob } from './send-invitation-job.js';

@Module({
  imports: [PeopleModule],
  controllers: [InvitationsController],
  providers: [InvitationsService, SendInvitationJob, Mailer],
})
export class InvitationsModule {}
