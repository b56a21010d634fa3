import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { PasswordCheck } from '../auth/password-check.js';
import { PeopleModule } from '../people/people.module.js';
import { AccountsController } from './accounts.controller.js';
import { AccountsService } from './accounts.service.js';

@Module({
  imports: [AuthModule, PeopleModule],
  controllers: [AccountsController],
  providers: [AccountsService, PasswordCheck],
})
export class AccountsModule {}
