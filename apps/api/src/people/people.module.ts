import type { UserDb } from '@labelyard/db';
import { Module } from '@nestjs/common';
import { USER_DB } from '../connections.js';
import { People } from './people.js';
import { UsersController } from './users.controller.js';

@Module({
  controllers: [UsersController],
  providers: [{ provide: People, inject: [USER_DB], useFactory: (db: UserDb) => new People(db) }],
  exports: [People],
})
export class PeopleModule {}
