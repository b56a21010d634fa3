const DIRECTIONS = ['left', 'right', 'up', 'down'] as const;

/** Families of actions that are one line in lists: sixteen ways to nudge say less than four lines. */
const FAMILIES = [
  { label: 'nudge', ids: DIRECTIONS.map((name) => `nudge_${name}`) },
  { label: 'nudge_far', ids: DIRECTIONS.map((name) => `nudge_${name}_far`) },
  { label: 'nudge_fine', ids: DIRECTIONS.map((name) => `nudge_${name}_fine`) },
  { label: 'nudge_leap', ids: DIRECTIONS.map((name) => `nudge_${name}_leap`) },
  { label: 'number_keys', ids: Array.from({ length: 9 }, (_, index) => `class_${index + 1}`) },
] as const;

export type ActionFamily = (typeof FAMILIES)[number]['label'];

/** The family an action belongs to; null for one that stands for itself. */
export function familyOf(action_id: string): ActionFamily | null {
  return FAMILIES.find(({ ids }) => (ids as readonly string[]).includes(action_id))?.label ?? null;
}
