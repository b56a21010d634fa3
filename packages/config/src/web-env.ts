import { z } from 'zod';
import { environment, isStrict } from './runtime-env.js';
import { flag, httpUrl, httpUrlProblem, integer } from './variable.js';

/** What the web server is told. */
export const webEnv = z
  .object({
    ENVIRONMENT: environment,
    NODE_ENV: z.string().optional(),
    API_URL: httpUrl().optional(),
    NEXT_PUBLIC_API_URL: httpUrl().optional(),
    S3_ENDPOINT: z.string().trim().optional(),
    R2_ACCOUNT_ID: z.string().trim().optional(),
    STORAGE_ORIGINS: z.string().optional(),
    TRUST_PROXY: integer(0, 5).optional(),
    MAX_UPLOAD_MB: integer(1, 5_000).default(50),
    LABELYARD_DEMO: flag(false),
  })
  .transform((env, context) => {
    const problem = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
    const strict = isStrict(env.ENVIRONMENT);
    if (strict && env.API_URL === undefined)
      problem('API_URL', 'is not set; set it to the address under which this process reaches the API');
    const r2 = env.R2_ACCOUNT_ID && `https://${env.R2_ACCOUNT_ID}.r2.cloudflarestorage.com`;
    const storage = env.STORAGE_ORIGINS?.split(',').map((origin) => origin.trim()) ?? [env.S3_ENDPOINT ?? r2];
    const browser_api = env.NEXT_PUBLIC_API_URL ?? (strict ? undefined : 'http://localhost:8011');
    const origins = new Set<string>();
    for (const url of [browser_api, ...storage]) {
      if (!url) continue;
      const trouble = httpUrlProblem(url, true);
      if (trouble) problem(env.STORAGE_ORIGINS === undefined ? 'S3_ENDPOINT' : 'STORAGE_ORIGINS', trouble);
      else origins.add(new URL(url).origin);
    }
    return {
      /** Origin of the API as this process reaches it. */
      api_url: env.API_URL ?? 'http://127.0.0.1:8011',
      /** Origins the browser loads images from and uploads to. */
      storage_origins: [...origins],
      /** The local start with its demo people, whose logins the sign-in page may name. */
      demo: env.LABELYARD_DEMO,
      /** Proxies in front of this process whose X-Forwarded-For is believed. */
      trust_proxy: env.TRUST_PROXY ?? (strict ? 1 : 0),
      /** Largest file the API takes. */
      max_upload_bytes: env.MAX_UPLOAD_MB * 1024 * 1024,
      development: env.NODE_ENV !== 'production',
      /** The session cookie is marked Secure outside development. */
      secure_cookies: strict,
    };
  });
export type WebEnv = z.output<typeof webEnv>;
