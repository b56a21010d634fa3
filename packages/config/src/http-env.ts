import { z } from 'zod';
import { environment, isStrict } from './runtime-env.js';
import { flag, httpUrlProblem, integer } from './variable.js';

/** Origins of the web app as the local start serves it. */
const LOCAL_ORIGINS = 'http://localhost:3010,http://127.0.0.1:3010';

/** How the API listens and whom it answers. */
export const httpEnv = z
  .object({
    ENVIRONMENT: environment,
    PORT: integer(0, 65_535).default(8011),
    HOST: z.string().trim().optional(),
    TRUST_PROXY: integer(0, 5).optional(),
    CORS_ORIGINS: z.string().optional(),
    DOCS_ENABLED: flag(true),
  })
  .transform((env, context) => {
    const strict = isStrict(env.ENVIRONMENT);
    const origins = (env.CORS_ORIGINS ?? (strict ? '' : LOCAL_ORIGINS))
      .split(',')
      .map((origin) => origin.trim())
      .filter(Boolean);
    for (const origin of origins) {
      const problem = originProblem(origin, strict);
      if (problem) context.addIssue({ code: 'custom', path: ['CORS_ORIGINS'], message: `"${origin}" ${problem}` });
    }
    return {
      port: env.PORT,
      /** `::` answers IPv4 and IPv6 alike, which private networks need. */
      host: env.HOST ?? '::',
      /** Proxies in front whose X-Forwarded-For is believed; one on a hosting platform or behind the web app. */
      trust_proxy: env.TRUST_PROXY ?? 1,
      cors_origins: origins,
      docs_enabled: env.DOCS_ENABLED,
    };
  });

function originProblem(origin: string, strict: boolean): string | null {
  if (origin === '*') return 'would let every site act for people signed in; list the origins';
  const problem = httpUrlProblem(origin, false);
  if (problem) return `${problem}; write scheme://host[:port]`;
  if (origin !== new URL(origin).origin) return `must be written ${new URL(origin).origin}`;
  if (strict && origin.startsWith('http:')) return 'is not encrypted; use https:// outside development';
  return null;
}
