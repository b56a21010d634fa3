import { z } from 'zod';

const TRUE = ['true', '1', 'yes', 'on'];
const FALSE = ['false', '0', 'no', 'off'];

/** A switch: true/false, 1/0, yes/no, on/off in any case. */
export const switchValue = z.string().transform((text, context) => {
  const word = text.trim().toLowerCase();
  if (TRUE.includes(word)) return true;
  if (FALSE.includes(word)) return false;
  context.addIssue({ code: 'custom', message: `is "${text}"; set it to true or false` });
  return z.NEVER;
});

/** A switch that is set one way when nobody touches it. */
export function flag(fallback: boolean) {
  return switchValue.default(fallback);
}

/** A whole number within bounds. */
export function integer(min: number, max: number) {
  return z.string().transform((text, context) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    context.addIssue({ code: 'custom', message: `is "${text}"; set it to a whole number from ${min} to ${max}` });
    return z.NEVER;
  });
}

/** One word of a list. */
export function choice<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z
    .string()
    .transform((text) => text.trim().toLowerCase())
    .pipe(z.enum(words, { error: (issue) => `is "${String(issue.input)}"; set it to one of ${words.join(', ')}` }));
}

/** A text that must be there. `what` says what to set it to. */
export function required(what: string) {
  return z.string({ error: () => `is not set; set it to ${what}` }).trim();
}

/** An origin, `scheme://host[:port]`, or with `path` also a path; no trailing slash, user or query. */
export function httpUrl({ path = false }: { path?: boolean } = {}) {
  return z.string().transform((text, context) => {
    const problem = httpUrlProblem(text.trim(), path);
    if (problem === null) return text.trim().replace(/\/$/u, '');
    context.addIssue({ code: 'custom', message: `${problem}; set it to something like https://host.example` });
    return z.NEVER;
  });
}

/** Why `text` is no plain http(s) URL, or null. Never repeats the text: it may hold a password. */
export function httpUrlProblem(text: string, path: boolean): string | null {
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol)) return 'is not an http:// or https:// URL';
  if (url.username || url.password) return 'holds a user name or password';
  if (url.search || url.hash) return 'holds a query or fragment';
  if (!path && url.pathname !== '/') return 'holds a path';
  return null;
}
