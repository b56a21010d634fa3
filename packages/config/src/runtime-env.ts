import { z } from 'zod';
import { choice, integer, switchValue } from './variable.js';

export const ENVIRONMENTS = ['development', 'test', 'staging', 'production'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export const PROCESS_ROLES = ['all', 'api', 'worker'] as const;

/** Which installation this is. Everything but development and test is held to production's rules. */
export const environment = choice(ENVIRONMENTS).default('development');

/** Whether weak secrets and plain http are refused. */
export function isStrict(name: Environment): boolean {
  return name === 'staging' || name === 'production';
}

/** What this process is and how it lives. */
export const runtimeEnv = z
  .object({
    ENVIRONMENT: environment,
    LOG_LEVEL: choice(LOG_LEVELS).default('info'),
    PROCESS_ROLE: choice(PROCESS_ROLES).default('all'),
    SHUTDOWN_GRACE_SECONDS: integer(0, 600).default(25),
    /** Set to production by `npm start` too, which serves people from built code. */
    NODE_ENV: z.string().optional(),
    CHECK_RESPONSES: switchValue.optional(),
  })
  .transform((env) => ({
    environment: env.ENVIRONMENT,
    strict: isStrict(env.ENVIRONMENT),
    log_level: env.LOG_LEVEL,
    process_role: env.PROCESS_ROLE,
    /** How long requests and jobs may finish after SIGTERM. */
    shutdown_grace_ms: env.SHUTDOWN_GRACE_SECONDS * 1_000,
    /** Parse each answer through its schema before it is sent. */
    check_responses: env.CHECK_RESPONSES ?? (env.NODE_ENV !== 'production' && !isStrict(env.ENVIRONMENT)),
  }));
