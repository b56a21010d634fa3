import type { DataSource } from 'typeorm';
import { connect } from './connection/handle.js';
import type { DatabaseOptions, PoolStats } from './connection/database-options.js';
import { AccountRepository } from './repositories/people/account-repository.js';
import { InvitationRepository } from './repositories/people/invitation-repository.js';
import { UserDirectory } from './repositories/people/user-directory.js';
import { USER_SCHEMA } from './schemas.js';

/** The User DB: the Platform's people, or our own in standalone use. */
export interface UserDb {
  readonly dataSource: DataSource;
  readonly users: UserDirectory;
  readonly invitations: InvitationRepository;
  /** Standalone use, on a connection whose role owns the tables. */
  readonly accounts: AccountRepository;
  /** Throws database_unavailable. */
  ping(): Promise<void>;
  poolStats(): PoolStats;
  close(): Promise<void>;
}

/** Connects; throws database_unavailable, or a TypeError for options that cannot work. */
export async function createUserDb(options: DatabaseOptions): Promise<UserDb> {
  const { connection, ...handle } = await connect(USER_SCHEMA, options);
  return {
    ...handle,
    users: new UserDirectory(connection),
    invitations: new InvitationRepository(connection),
    accounts: new AccountRepository(connection),
  };
}
