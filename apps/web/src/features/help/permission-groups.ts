import { type Action, ACTIONS } from '@labelyard/domain';

/** What actions are about, in the order people meet it: the first part of an action's name leads to its group. */
export const GROUPS = {
  look: [
    'project.read',
    'image.read',
    'annotation.read',
    'class.read',
    'member.read',
    'export.read',
    'import.read',
    'presence.read',
    'version.read',
  ],
  label: ['annotation', 'lock', 'image.confirm'],
  together: ['task', 'comment', 'history'],
  review: ['annotation.review', 'annotation.edit_verified'],
  manage: [
    'lock.force',
    'image',
    'class',
    'export',
    'import',
    'project',
    'member',
    'audit',
    'token',
    'history.revert',
    'version',
  ],
} as const satisfies Record<string, readonly string[]>;
export type Group = keyof typeof GROUPS;

/** Every action once: named whole it goes before a group that takes its subject. */
export function permissionGroups(): { readonly group: Group; readonly actions: readonly Action[] }[] {
  const groups = Object.keys(GROUPS) as Group[];
  const placed = new Map<Group, Action[]>(groups.map((group) => [group, []]));
  for (const action of Object.keys(ACTIONS) as Action[]) placed.get(groupOf(action, groups))?.push(action);
  return groups.map((group) => ({ group, actions: placed.get(group) ?? [] }));
}

function groupOf(action: Action, groups: readonly Group[]): Group {
  const named = (name: string) => groups.find((group) => (GROUPS[group] as readonly string[]).includes(name));
  return named(action) ?? named(action.split('.')[0] ?? '') ?? 'manage';
}
