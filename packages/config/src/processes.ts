import { auditEnv } from './audit-env.js';
import { authEnv } from './auth-env.js';
import { labelerDbAdminEnv, labelerDbEnv, userDbAdminEnv, userDbEnv } from './database-env.js';
import { exportsEnv } from './exports-env.js';
import { httpEnv } from './http-env.js';
import { limitsEnv, rateLimitEnv } from './limits-env.js';
import { mailEnv } from './mail-env.js';
import { runtimeEnv } from './runtime-env.js';
import { storageEnv } from './storage-env.js';
import { webEnv } from './web-env.js';

/** What each process reads, for `defineEnv`: the processes themselves and whoever checks their environment use the same. */
export const PROCESS_ENV = {
  /** The server, background jobs included. */
  api: {
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
  /** The commands that change schemas and people. */
  migrate: { runtime: runtimeEnv, labeler_db: labelerDbAdminEnv, user_db: userDbEnv, user_db_admin: userDbAdminEnv },
  web: { web: webEnv },
} as const;

export type ProcessName = keyof typeof PROCESS_ENV;
export const PROCESS_NAMES = Object.keys(PROCESS_ENV) as readonly ProcessName[];
