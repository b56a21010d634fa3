import { normaliseClassName } from '@labelyard/domain';

/** Class names in pasted text, one per line, each once; bullets and numbering in front of them are dropped. */
export function classNamesIn(text: string): string[] {
  const names = text
    .split(/\r?\n/u)
    .map((line) => normaliseClassName(line.replace(/^\s*(?:[-*•]|\d+[.):])\s+/u, '')).slice(0, 200))
    .filter(Boolean);
  return [...new Set(names)];
}
