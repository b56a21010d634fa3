import type { UserSummary } from '@labelyard/contract';

/** A person who can be mentioned. */
export interface Mentionable {
  readonly user_id: string;
  readonly name: string;
}

/** Somebody a comment mentions already. */
export function mentionable({ id, full_name, email }: UserSummary): Mentionable {
  return { user_id: id, name: full_name || email };
}

/** What is being typed behind the last @ before the caret, null where no mention is begun. */
export function mentionBegun(text: string, caret: number): string | null {
  const match = /(?:^|\s)@([^\s@]*(?: [^\s@]*)?)$/u.exec(text.slice(0, caret));
  return match?.[1] ?? null;
}

/** The text with the begun mention finished, and where the caret goes. */
export function finishMention(text: string, caret: number, name: string): { text: string; caret: number } {
  const begun = mentionBegun(text, caret) ?? '';
  const before = `${text.slice(0, caret - begun.length)}${name} `;
  return { text: before + text.slice(caret), caret: before.length };
}

/** Whom the text names: mentions follow the words, so what is deleted is not mentioned. Of two with one name the first. */
export function mentionedIn(text: string, people: readonly Mentionable[]): string[] {
  // The longer name first, so that "@Ann Lee" is not taken for "@Ann".
  const byLength = [...people].sort((a, b) => b.name.length - a.name.length);
  let rest = text;
  const found: string[] = [];
  for (const { user_id, name } of byLength) {
    const word = `@${name}`;
    if (!rest.includes(word)) continue;
    found.push(user_id);
    rest = rest.replaceAll(word, ' ');
  }
  return found;
}

/** Text in pieces: plain, and names that are mentioned. */
export function markMentions(text: string, names: readonly string[]): { text: string; mention: boolean }[] {
  const words = names.map((name) => `@${name}`).sort((a, b) => b.length - a.length);
  if (words.length === 0) return [{ text, mention: false }];
  const pattern = new RegExp(
    `(${words.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/gu, '\\$&')).join('|')})`,
    'u',
  );
  return text
    .split(pattern)
    .filter((piece) => piece !== '')
    .map((piece) => ({ text: piece, mention: words.includes(piece) }));
}
