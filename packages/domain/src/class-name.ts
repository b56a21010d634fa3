/** Class names are compared as people read them: NFC, outer white space dropped, inner runs folded to one space. */
export function normaliseClassName(name: string): string {
  return name.normalize('NFC').trim().replace(/\s+/gu, ' ');
}

/** Colours for new classes, far apart in hue and readable on photographs, in the order they are handed out. */
export const CLASS_COLORS = [
  '#f43f5e',
  '#3b82f6',
  '#22c55e',
  '#f59e0b',
  '#a855f7',
  '#06b6d4',
  '#ec4899',
  '#84cc16',
  '#f97316',
  '#6366f1',
  '#14b8a6',
  '#eab308',
  '#d946ef',
  '#0ea5e9',
  '#ef4444',
  '#10b981',
] as const;

/** The colour the n-th class (from 0) gets when none was chosen. */
export function defaultClassColor(index: number): string {
  return CLASS_COLORS[index % CLASS_COLORS.length] as string;
}
