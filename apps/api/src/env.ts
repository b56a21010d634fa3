import { defineEnv, PROCESS_ENV, type EnvSource } from '@labelyard/config';

/** What the server is told from outside. @throws EnvError naming every bad variable */
export function readEnv(source: EnvSource = process.env) {
  return defineEnv(PROCESS_ENV.api, source);
}
export type Env = ReturnType<typeof readEnv>;

/** What the commands that change schemas and people need. @throws EnvError naming every bad variable */
export function readAdminEnv(source: EnvSource = process.env) {
  return defineEnv(PROCESS_ENV.migrate, source);
}
export type AdminEnv = ReturnType<typeof readAdminEnv>;
