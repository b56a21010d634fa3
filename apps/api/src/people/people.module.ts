import type { LabelerDb, UserDb } from '@labelyard/db';
import { Module } from '@nestjs/common';
import { LABELER_DB, USER_DB } from '../connections.js';
import { SteadyConnection } from '../events/steady-connection.js';
import { PeopleNews } from './people-news.js';
import { People } from './people.js';
import { UsersController } from './users.controller.js';

@Module({
  controllers: [UsersController],
  providers: [
    {
      provide: People,
      inject: [USER_DB, LABELER_DB],
      useFactory: (db: UserDb, labelerDb: LabelerDb) =>
        new People(db, Date.now, (token_ids) => labelerDb.serviceTokens.names(token_ids)),
    },
    {
      provide: PeopleNews,
      inject: [SteadyConnection, People],
      useFactory: async (connection: SteadyConnection, people: People) => {
        const news = new PeopleNews(connection, people);
        await news.start();
        return news;
      },
    },
  ],
  exports: [People, PeopleNews],
})
export class PeopleModule {}
