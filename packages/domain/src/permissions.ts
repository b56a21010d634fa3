/** Project roles, weakest first. */
export const ROLES = ['viewer', 'annotator', 'reviewer', 'admin', 'owner'] as const;
export type Role = (typeof ROLES)[number];

/**
 * The one table that says which role may do which action in a dataset and its project.
 * The API's guard and the web's buttons both read it. The value is the weakest role that may.
 */
export const ACTIONS = {
  'project.read': 'viewer',
  'image.read': 'viewer',
  'annotation.read': 'viewer',
  'class.read': 'viewer',
  'member.read': 'viewer',
  'export.read': 'viewer',
  'annotation.create': 'annotator',
  'annotation.update': 'annotator',
  'annotation.delete': 'annotator',
  'annotation.confirm': 'annotator',
  'image.confirm': 'annotator',
  'annotation.review': 'reviewer',
  'export.create': 'reviewer',
  'class.manage': 'admin',
  'image.upload': 'admin',
  'image.delete': 'admin',
  'project.update': 'admin',
  'member.manage': 'admin',
  'project.delete': 'owner',
  'project.transfer': 'owner',
} as const satisfies Record<string, Role>;
export type Action = keyof typeof ACTIONS;

/** Whether `role` may do `action`. No role, no right. */
export function can(role: Role | null | undefined, action: Action): boolean {
  return role != null && ROLES.indexOf(role) >= ROLES.indexOf(ACTIONS[action]);
}

/** Roles that may do `action`, weakest first. */
export function rolesFor(action: Action): readonly Role[] {
  return ROLES.slice(ROLES.indexOf(ACTIONS[action]));
}

/** Who may see a dataset besides its members: everybody signed in, the owner's organization, or nobody. */
export const VISIBILITIES = ['private', 'organization', 'public'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** Person-level roles of the User DB. `admin` manages people in standalone use; it opens no project by itself. */
export const SYSTEM_ROLES = ['admin', 'manager', 'advanced_engineer', 'standard_engineer', 'guest'] as const;
export type SystemRole = (typeof SYSTEM_ROLES)[number];
