import { ROLES, type Role } from './permissions.js';

/**
 * What a service token may be let into. The value is the project role a scope stands for: a token has, in the projects it
 * reaches, the strongest role of its scopes, and of that only the endpoints its scopes open.
 */
export const TOKEN_SCOPES = {
  'projects:read': 'viewer',
  'images:read': 'viewer',
  'annotations:read': 'viewer',
  'annotations:write': 'annotator',
  'exports:read': 'viewer',
  'exports:create': 'reviewer',
  'versions:read': 'viewer',
} as const satisfies Record<string, Role>;
export type TokenScope = keyof typeof TOKEN_SCOPES;
export const TOKEN_SCOPE_NAMES = Object.keys(TOKEN_SCOPES) as [TokenScope, ...TokenScope[]];

/** The role a token with these scopes has. */
export function roleOfScopes(scopes: readonly TokenScope[]): Role {
  return scopes.reduce<Role>((strongest, scope) => {
    const role = TOKEN_SCOPES[scope];
    return ROLES.indexOf(role) > ROLES.indexOf(strongest) ? role : strongest;
  }, 'viewer');
}

export const LONGEST_TOKEN_DAYS = 366;
export const LONGEST_OVERLAP_HOURS = 7 * 24;

export type TokenStatus = 'active' | 'expired' | 'revoked';

/** What a token is now; revoked counts more than expired. */
export function tokenStatus(
  token: { readonly expires_at: string; readonly revoked_at: string | null },
  now: number,
): TokenStatus {
  if (token.revoked_at !== null) return 'revoked';
  return Date.parse(token.expires_at) <= now ? 'expired' : 'active';
}

/** Begin of the user id under which a token's work is written down. */
const SERVICE_PREFIX = 'service:';

export function serviceUserId(token_id: number): string {
  return `${SERVICE_PREFIX}${token_id}`;
}

/** The token behind a user id, or null when it is a person's. */
export function serviceTokenId(user_id: string): number | null {
  const id = /^service:(\d{1,15})$/u.exec(user_id)?.[1];
  return id === undefined ? null : Number(id);
}
