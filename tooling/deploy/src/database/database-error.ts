import { types } from 'node:util';
import type { DatabaseOptions } from '@labelyard/db';
import { YardError } from '../cli/yard-error.js';
import { databaseIdentity } from '../ends/open-ends.js';

interface Meaning {
  readonly exit: 'failed' | 'bad_input' | 'unavailable';
  readonly says: string;
  readonly next: string;
}

/** What a SQLSTATE means to an operator; looked up whole, then by class. */
const STATES: Readonly<Record<string, Meaning>> = {
  '53100': {
    exit: 'failed',
    says: 'its disk is full',
    next: 'Give it a larger volume (about twice the size of the data, the log included), then run the same command again.',
  },
  '53300': {
    exit: 'unavailable',
    says: 'it has no connection left',
    next: 'Lower --jobs, or raise max_connections; then run the same command again.',
  },
  '28': {
    exit: 'unavailable',
    says: 'it refuses the login',
    next: 'Correct user and password in the environment: yard doctor.',
  },
  '3D000': {
    exit: 'bad_input',
    says: 'the database does not exist',
    next: 'Create it (createdb), or correct its name in the environment.',
  },
  '42501': {
    exit: 'failed',
    says: 'the role lacks a right',
    next: 'Use the role that owns the tables (LABELER_DB_ADMIN_URL, USER_DB_ADMIN_URL).',
  },
  '57P': {
    exit: 'unavailable',
    says: 'it is restarting or closed the connection',
    next: 'Wait until it answers (yard doctor), then run the same command again.',
  },
  '08': {
    exit: 'unavailable',
    says: 'the connection broke',
    next: 'Run the same command again: what was finished stays, the rest is done anew.',
  },
};

const LOST =
  /Connection terminated|not queryable|Connection ended|Client has encountered a connection error|timeout exceeded/u;
const NETWORK = /^(?:ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE)/u;

/** What goes wrong before anybody has signed in, by the code or the text of the error; the first that fits. */
const ENCRYPTION: readonly (Meaning & { readonly of: RegExp })[] = [
  {
    of: /does not support SSL/u,
    exit: 'unavailable',
    says: 'it speaks no TLS',
    next: 'Turn ssl on at the server; in a private network DB_SSL=disable will do.',
  },
  {
    of: /pg_hba\.conf .*no encryption/su,
    exit: 'unavailable',
    says: 'it takes encrypted connections only',
    next: 'Set DB_SSL=verify-ca with DB_SSL_CA, or pin with DB_SSL_FINGERPRINT.',
  },
  {
    of: /ALTNAME_INVALID/u,
    exit: 'unavailable',
    says: 'its TLS certificate is for another name',
    next: 'Set DB_SSL=verify-ca, which asks for the issuer alone: Railway’s proxy shows a certificate for localhost under every name.',
  },
  {
    of: /PIN_MISMATCH/u,
    exit: 'unavailable',
    says: 'its TLS certificate is another one than the pinned one',
    next: 'Was it renewed? Ask whoever runs the server, then set DB_SSL_FINGERPRINT to the new one; else do not connect.',
  },
  {
    of: /CERT|UNABLE_TO_VERIFY|SELF_SIGNED/u,
    exit: 'unavailable',
    says: 'its TLS certificate is refused: not issued by an authority that is trusted here',
    next: 'Set DB_SSL_CA to the issuer’s certificate (Railway: certs/root.crt in the database’s volume), or DB_SSL=pin with its fingerprint.',
  },
];

/** SQLSTATE of a database error. */
export function sqlState(error: unknown): string | undefined {
  const code = types.isNativeError(error) ? (error as NodeJS.ErrnoException).code : undefined;
  return code !== undefined && /^[\dA-Z]{5}$/u.test(code) ? code : undefined;
}

/** A database error in words for an operator, naming the database; anything else as it is. */
export function explainDatabaseError(error: unknown, options: Pick<DatabaseOptions, 'url'>): unknown {
  if (error instanceof YardError || !types.isNativeError(error)) return error;
  // Happy-eyeballs connects fail with an AggregateError without text.
  const cause = ((error as AggregateError).errors?.[0] as Error | undefined) ?? error;
  const { code = '', message } = cause as NodeJS.ErrnoException & { detail?: string };
  const state = sqlState(cause);
  const meaning =
    state === undefined ? undefined : (STATES[state] ?? STATES[state.slice(0, 3)] ?? STATES[state.slice(0, 2)]);
  const refuse = ({ exit, says, next }: Meaning) =>
    new YardError(exit, `${databaseIdentity(options)}: ${says} (${message}).`, next, { cause: error });
  const encryption = ENCRYPTION.find(({ of }) => of.test(code) || of.test(message));
  if (encryption ?? meaning) return refuse((encryption ?? meaning) as Meaning);
  if (NETWORK.test(code) || LOST.test(message))
    return refuse({
      exit: 'unavailable',
      says: 'it does not answer, or the connection broke',
      next: 'Check that it runs and is reached from here (yard doctor), then run the same command again.',
    });
  return error;
}
