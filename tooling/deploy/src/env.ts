import type { EnvSource } from '@labelyard/config';

/** The environment yard itself was started with: settings of the terminal, and the values of a profile that takes them from there. */
export function readEnvironment(): EnvSource {
  return process.env;
}

/** Superusers' URLs of Postgres servers that a rehearsal is to use instead of its own: they hold passwords, which no command line may. */
export function rehearsalServers(): { readonly from: string | undefined; readonly to: string | undefined } {
  const { REHEARSAL_FROM_POSTGRES: from, REHEARSAL_TO_POSTGRES: to } = process.env;
  return { from: from || undefined, to: to || undefined };
}
