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
  'import.read': 'viewer',
  'presence.read': 'viewer',
  'history.read': 'viewer',
  'comment.read': 'viewer',
  'task.read': 'viewer',
  'version.read': 'viewer',
  'annotation.create': 'annotator',
  'annotation.update': 'annotator',
  'annotation.delete': 'annotator',
  'annotation.confirm': 'annotator',
  'annotation.restore': 'annotator',
  'image.confirm': 'annotator',
  'lock.hold': 'annotator',
  'comment.create': 'annotator',
  'task.work': 'annotator',
  'annotation.review': 'reviewer',
  'annotation.edit_verified': 'reviewer',
  'export.create': 'reviewer',
  'export.manage': 'admin',
  'class.manage': 'admin',
  'image.upload': 'admin',
  'image.split': 'admin',
  'image.delete': 'admin',
  'import.create': 'admin',
  'project.update': 'admin',
  'member.manage': 'admin',
  'lock.force': 'admin',
  'task.manage': 'admin',
  'history.revert': 'admin',
  'version.publish': 'admin',
  'version.restore': 'admin',
  'version.delete': 'admin',
  'comment.moderate': 'admin',
  'audit.read': 'admin',
  'token.manage': 'admin',
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

/** What a person may do in the whole installation, whatever the project. The value lists who may. */
export const SYSTEM_ACTIONS = {
  'people.manage': ['admin'],
  'audit.read_all': ['admin'],
  'token.manage_all': ['admin'],
  'maintenance.manage': ['admin'],
} as const satisfies Record<string, readonly SystemRole[]>;
export type SystemAction = keyof typeof SYSTEM_ACTIONS;

/** Whether somebody with this system role may do `action`. */
export function canSystem(role: SystemRole, action: SystemAction): boolean {
  return (SYSTEM_ACTIONS[action] as readonly SystemRole[]).includes(role);
}
