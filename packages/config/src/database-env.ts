import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type EnvFragment, type EnvSource } from './define-env.js';
import { choice, flag, integer } from './variable.js';

export const TLS_MODES = ['disable', 'require', 'verify-ca', 'verify-full', 'pin'] as const;

/** Where a database is and how to connect: the options of `packages/db` without those that differ per process. */
export interface DatabaseEnv {
  readonly url: string;
  readonly tls: {
    readonly mode: (typeof TLS_MODES)[number];
    /** PEM text. */
    readonly ca: string | undefined;
    readonly fingerprint: string | undefined;
  };
  readonly pool: { readonly max: number; readonly acquireTimeoutMs: number; readonly maxLifetimeSeconds: number };
}

const connection = z
  .object({
    DB_SSL: choice(TLS_MODES).default('disable'),
    DB_SSL_CA: z.string().optional(),
    DB_SSL_FINGERPRINT: z
      .string()
      .trim()
      .regex(/^(?:[\da-f]{2}:?){32}$/iu, 'is no SHA-256 fingerprint; set it to 64 hexadecimal digits')
      .optional(),
    DB_POOL_SIZE: integer(1, 1_000).default(5),
    DB_MAX_OVERFLOW: integer(0, 1_000).default(10),
    DB_POOL_TIMEOUT: integer(1, 600).default(30),
    DB_POOL_RECYCLE: integer(1, 604_800).default(3_600),
  })
  .transform((env, context) => {
    const problem = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
    const ca = env.DB_SSL_CA === undefined ? undefined : certificate(env.DB_SSL_CA);
    if (ca === null)
      problem('DB_SSL_CA', 'is no certificate; set it to PEM text, the same in base64, or the path of a PEM file');
    if (env.DB_SSL === 'verify-ca' && env.DB_SSL_CA === undefined)
      problem('DB_SSL_CA', 'is not set; DB_SSL=verify-ca needs the certificate of the issuer');
    if (env.DB_SSL === 'pin' && env.DB_SSL_FINGERPRINT === undefined)
      problem('DB_SSL_FINGERPRINT', 'is not set; DB_SSL=pin needs the SHA-256 of the server’s certificate');
    return {
      tls: { mode: env.DB_SSL, ca: ca ?? undefined, fingerprint: env.DB_SSL_FINGERPRINT },
      pool: {
        max: env.DB_POOL_SIZE + env.DB_MAX_OVERFLOW,
        acquireTimeoutMs: env.DB_POOL_TIMEOUT * 1_000,
        maxLifetimeSeconds: env.DB_POOL_RECYCLE,
      },
    };
  });

/** PEM text given as it is (perhaps with `\n` spelled out), in base64, or by the path of a file; null when it is none of them. */
function certificate(given: string): string | null {
  const isPem = (text: string) => text.includes('-----BEGIN CERTIFICATE-----');
  const text = given.replaceAll('\\n', '\n');
  if (isPem(text)) return text;
  const decoded = Buffer.from(given, 'base64').toString('utf8');
  if (isPem(decoded)) return decoded;
  try {
    const read = readFileSync(given.trim(), 'utf8');
    return isPem(read) ? read : null;
  } catch {
    return null;
  }
}

interface UrlNames {
  /** The variable and its other names, the first wins. */
  readonly urls: readonly [string, ...string[]];
  /** Beginning of the variables that give the same in pieces: HOST, PORT, NAME, USER, PASSWORD. */
  readonly pieces?: string;
}

/** Problems of the password are told without the URL: it holds it. */
function databaseUrl({ urls, pieces }: UrlNames) {
  const [name] = urls;
  return z.record(z.string(), z.string().optional()).transform((env, context) => {
    const problem = (path: string, message: string) => {
      context.addIssue({ code: 'custom', path: [path], message });
      return z.NEVER;
    };
    const used = urls.find((url) => env[url] !== undefined);
    if (used !== undefined) {
      const url = URL.parse(env[used]?.trim() ?? '');
      if (!url || !['postgres:', 'postgresql:'].includes(url.protocol))
        return problem(used, 'is not a postgres:// URL; set it to postgres://user:password@host:5432/database');
      if (url.pathname.length < 2) return problem(used, 'names no database; end it with /database');
      return url.href;
    }
    if (pieces === undefined || env[`${pieces}_HOST`] === undefined)
      return problem(
        name,
        `is not set; set it to postgres://user:password@host:5432/database${pieces ? ` (or ${pieces}_HOST, …_PORT, …_NAME, …_USER, …_PASSWORD)` : ''}`,
      );
    for (const piece of ['NAME', 'USER'])
      if (env[`${pieces}_${piece}`] === undefined) problem(`${pieces}_${piece}`, `is not set while ${pieces}_HOST is`);
    const port = env[`${pieces}_PORT`] ?? '5432';
    if (!/^\d{1,5}$/u.test(port) || Number(port) > 65_535) problem(`${pieces}_PORT`, `is "${port}"; set it to a port`);
    const part = (piece: string) => encodeURIComponent(env[`${pieces}_${piece}`]?.trim() ?? '');
    const host = env[`${pieces}_HOST`]?.trim() ?? '';
    return `postgres://${part('USER')}:${part('PASSWORD')}@${host.includes(':') ? `[${host}]` : host}:${port}/${part('NAME')}`;
  });
}

function database(names: UrlNames): EnvFragment<DatabaseEnv> {
  return both(databaseUrl(names), connectionOf(names), (url, rest) => ({ url, ...rest }));
}

/**
 * How to connect: DB_SSL and its companions, or the same for this database alone (LABELER_DB_SSL, …): during a move one database may
 * already be a hosted one while the other is still next door.
 */
function connectionOf({ pieces }: UrlNames): EnvFragment<Omit<DatabaseEnv, 'url'>> {
  return z.custom<EnvSource>().transform((env, context) => {
    const own = (name: string) => pieces && env[`${pieces}${name.slice('DB'.length)}`];
    // A mode of its own brings its own certificate: the other database's would be the wrong one.
    const alone = own('DB_SSL') !== undefined;
    const names = ['DB_SSL', 'DB_SSL_CA', 'DB_SSL_FINGERPRINT'];
    const result = connection.safeParse({
      ...env,
      ...(alone && Object.fromEntries(names.map((name) => [name, own(name)]))),
    });
    for (const issue of result.error?.issues ?? []) {
      const [name] = issue.path;
      const path = alone && names.includes(String(name)) ? [`${pieces}${String(name).slice('DB'.length)}`] : issue.path;
      context.addIssue({ code: 'custom', path, message: issue.message });
    }
    return result.data ?? z.NEVER;
  });
}

/** Runs two readers over the same variables, so that the problems of both are told. */
function both<A, B, T>(first: z.ZodType<A>, second: z.ZodType<B>, join: (a: A, b: B) => T): EnvFragment<T> {
  return z.custom<Record<string, string | undefined>>().transform((env, context) => {
    const [a, b] = [first.safeParse(env), second.safeParse(env)];
    for (const result of [a, b])
      for (const issue of result.error?.issues ?? [])
        context.addIssue({ code: 'custom', path: issue.path, message: issue.message });
    return a.success && b.success ? join(a.data, b.data) : z.NEVER;
  });
}

/** Datasets, labels and everything else but people. */
export const labelerDbEnv = database({ urls: ['LABELER_DB_URL', 'DATABASE_URL'], pieces: 'LABELER_DB' });

/** Migrates the Labeler DB; the same as `labelerDbEnv` unless its role may not change the schema. */
export const labelerDbAdminEnv = database({
  urls: ['LABELER_DB_ADMIN_URL', 'LABELER_DB_URL', 'DATABASE_URL'],
  pieces: 'LABELER_DB',
});

/** People, read through a role that may write nothing but invitations. */
export const userDbEnv = database({ urls: ['USER_DB_URL'], pieces: 'USER_DB' });

/** Standalone use: Labelyard makes the User DB's schema and people itself, through a role that owns it. Null otherwise. */
export const userDbAdminEnv: EnvFragment<DatabaseEnv | null> = z
  .custom<Record<string, string | undefined>>()
  .transform((env, context) => {
    const fragment = z.object({ USER_DB_MANAGED: flag(false) }).safeParse(env);
    const admin = fragment.data?.USER_DB_MANAGED
      ? database({ urls: ['USER_DB_ADMIN_URL', 'USER_DB_URL'], pieces: 'USER_DB' }).safeParse(env)
      : undefined;
    for (const issue of [...(fragment.error?.issues ?? []), ...(admin?.error?.issues ?? [])])
      context.addIssue({ code: 'custom', path: issue.path, message: issue.message });
    return admin?.data ?? null;
  });
