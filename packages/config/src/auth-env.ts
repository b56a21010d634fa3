import { z } from 'zod';
import { environment, isStrict } from './runtime-env.js';
import { httpUrl, integer, required } from './variable.js';

const MIN_SECRET_BYTES = 32;

/** Secrets that stand in guides, samples and this project's own development start. */
const KNOWN_SECRET =
  /^(?:(?:your|my|change|please|super|dev|development|test|default|example|sample|insecure|local|demo)[\W_-]|change-?me|secret|password|jwt[\W_-]?secret|labelyard)/iu;

/** Why a secret must not guard a real installation, or null. Also refuses what is long but trivial, like 32 equal letters. */
export function secretProblem(secret: string): string | null {
  if (KNOWN_SECRET.test(secret)) return 'is a default or sample value';
  if (Buffer.byteLength(secret) < MIN_SECRET_BYTES) return `is shorter than ${MIN_SECRET_BYTES} bytes`;
  if (new Set(secret).size < 8) return 'repeats a few characters';
  return null;
}

const HOW = 'make one with `openssl rand -base64 48`';

/** Tokens: what signs them and what they must say. */
export const authEnv = z
  .object({
    ENVIRONMENT: environment,
    JWT_SECRET: required(`a random secret of at least ${MIN_SECRET_BYTES} bytes: ${HOW}`),
    JWT_SECRET_PREVIOUS: z.string().trim().optional(),
    JWT_ISSUER: z.string().trim().optional(),
    JWT_AUDIENCE: z.string().trim().optional(),
    JWT_EXPIRES_SECONDS: integer(60, 30 * 86_400).default(86_400),
    JWKS_URL: httpUrl({ path: true }).optional(),
  })
  .transform((env, context) => {
    for (const name of ['JWT_SECRET', 'JWT_SECRET_PREVIOUS'] as const) {
      const problem = env[name] !== undefined && isStrict(env.ENVIRONMENT) && secretProblem(env[name]);
      if (problem) context.addIssue({ code: 'custom', path: [name], message: `${problem}; ${HOW}` });
    }
    return {
      jwt_secret: env.JWT_SECRET,
      /** Still verifies while a rotation runs; never signs. */
      jwt_secret_previous: env.JWT_SECRET_PREVIOUS,
      jwt_issuer: env.JWT_ISSUER,
      jwt_audience: env.JWT_AUDIENCE,
      jwt_expires_seconds: env.JWT_EXPIRES_SECONDS,
      jwks_url: env.JWKS_URL,
    };
  });
