import type { EnvSource } from '@labelyard/config';

/** The environment yard itself was started with: settings of the terminal, and the values of a profile that takes them from there. */
export function readEnvironment(): EnvSource {
  return process.env;
}
