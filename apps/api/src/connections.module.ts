import { createLabelerDb, createUserDb, type LabelerDb, type UserDb } from '@labelyard/db';
import { createStorage, type Storage } from '@labelyard/storage';
import { Global, Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import {
  ACCOUNTS_DB,
  ENV,
  InjectLabelerDb,
  InjectStorage,
  InjectUserDb,
  LABELER_DB,
  LOG,
  STORAGE,
  USER_DB,
} from './connections.js';
import type { Env } from './env.js';
import { currentRequestId } from './http/current-request.js';

/** Accounts are changed now and then. */
const ACCOUNT_CONNECTIONS = 2;

/** Environment, log, both databases and the storage: opened once, closed after the last request was answered. */
@Global()
@Module({})
export class ConnectionsModule implements OnApplicationShutdown {
  constructor(
    @InjectLabelerDb() private readonly labelerDb: LabelerDb,
    @InjectUserDb() private readonly userDb: UserDb,
    @Inject(ACCOUNTS_DB) private readonly accountsDb: UserDb | null,
    @InjectStorage() private readonly storage: Storage,
  ) {}

  static with(env: Env, log: Logger): DynamicModule {
    const onConnectionError = (error: Error) => log.warn({ err: error }, 'An idle database connection broke');
    return {
      module: ConnectionsModule,
      providers: [
        { provide: ENV, useValue: env },
        { provide: LOG, useValue: log },
        {
          provide: LABELER_DB,
          useFactory: () =>
            createLabelerDb({
              ...env.labeler_db,
              applicationName: 'labelyard',
              onConnectionError,
              requestId: currentRequestId,
            }),
        },
        {
          provide: USER_DB,
          useFactory: () => createUserDb({ ...env.user_db, applicationName: 'labelyard', onConnectionError }),
        },
        {
          provide: ACCOUNTS_DB,
          // Made apart from the usual connection, whose role may change nobody's account.
          useFactory: () =>
            env.user_db_admin &&
            createUserDb({
              ...env.user_db_admin,
              pool: { ...env.user_db_admin.pool, max: ACCOUNT_CONNECTIONS },
              applicationName: 'labelyard accounts',
              onConnectionError,
            }),
        },
        {
          provide: STORAGE,
          useFactory: () =>
            createStorage(
              env.storage.driver === 'disk'
                ? { ...env.storage, max_put_bytes: env.limits.max_upload_bytes }
                : env.storage,
            ),
        },
      ],
      exports: [ENV, LOG, LABELER_DB, USER_DB, ACCOUNTS_DB, STORAGE],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled([this.labelerDb.close(), this.userDb.close(), this.accountsDb?.close()]);
    this.storage.close();
  }
}
