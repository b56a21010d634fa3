import type { UserDb } from '@labelyard/db';
import { Module } from '@nestjs/common';
import { USER_DB } from '../connections.js';
import { SteadyConnection } from '../events/steady-connection.js';
import { PeopleNews } from './people-news.js';
import { People } from './people.js';
import { UsersController } from './users.controller.js';

@Module({
  controllers: [UsersController],
  providers: [
    { provide: People, inject: [USER_DB], useFactory: (db: UserDb) => new People(db) },
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
