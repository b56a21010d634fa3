import { Inject } from '@nestjs/common';

// What the whole process shares, by name. Interfaces have no value at run time, so each needs a token.
export const ENV = Symbol('ENV');
export const LOG = Symbol('LOG');
export const LABELER_DB = Symbol('LABELER_DB');
export const USER_DB = Symbol('USER_DB');
/** The User DB as its owner, where this installation keeps its people itself; null otherwise. */
export const ACCOUNTS_DB = Symbol('ACCOUNTS_DB');
export const STORAGE = Symbol('STORAGE');

/** `Env` of env.ts. */
export const InjectEnv = () => Inject(ENV);
/** pino's `Logger`. */
export const InjectLog = () => Inject(LOG);
/** `LabelerDb` of packages/db. */
export const InjectLabelerDb = () => Inject(LABELER_DB);
/** `UserDb` of packages/db. */
export const InjectUserDb = () => Inject(USER_DB);
/** `Storage` of packages/storage. */
export const InjectStorage = () => Inject(STORAGE);
