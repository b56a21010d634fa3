import {
  auditEnv,
  authEnv,
  defineEnv,
  exportsEnv,
  httpEnv,
  labelerDbAdminEnv,
  labelerDbEnv,
  limitsEnv,
  mailEnv,
  rateLimitEnv,
  runtimeEnv,
  storageEnv,
  userDbAdminEnv,
  userDbEnv,
  type EnvSource,
} from '@labelyard/config';

/** What the server is told from outside. @throws EnvError naming every bad variable */
export function readEnv(source: EnvSource = process.env) {
  return defineEnv(
    {
      runtime: runtimeEnv,
      http: httpEnv,
      limits: limitsEnv,
      rate_limits: rateLimitEnv,
      auth: authEnv,
      audit: auditEnv,
      exports: exportsEnv,
      labeler_db: labelerDbEnv,
      user_db: userDbEnv,
      /** Null unless the User DB is ours (USER_DB_MANAGED). */
      user_db_admin: userDbAdminEnv,
      /** Null: nobody is sent e-mail. */
      mail: mailEnv,
      storage: storageEnv,
    },
    source,
  );
}
export type Env = ReturnType<typeof readEnv>;

/** What the commands that change schemas and people need. @throws EnvError naming every bad variable */
export function readAdminEnv(source: EnvSource = process.env) {
  return defineEnv(
    { runtime: runtimeEnv, labeler_db: labelerDbAdminEnv, user_db: userDbEnv, user_db_admin: userDbAdminEnv },
    source,
  );
}
export type AdminEnv = ReturnType<typeof readAdminEnv>;
