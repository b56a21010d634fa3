import { createHash } from 'node:crypto';

/** Shorter values would be found everywhere, and guessed from their hash. */
const SHORTEST = 6;

/** How a secret is shown: enough to tell two apart and to see that one is set, too little to use. */
export function fingerprint(secret: string): string {
  const hash = createHash('sha256').update(secret).digest('hex').slice(0, 8);
  return `sha256:${hash} (${secret.length} characters)`;
}

export interface Redactor {
  /** From now on `secret` is replaced wherever it stands. */
  hide(secret: string): void;
  /** The text with its secrets replaced, passwords inside URLs also where nobody named them. */
  clean(text: string): string;
}

/** Replaces what must not be seen in everything yard prints or writes. */
export function createRedactor(): Redactor {
  const hidden = new Map<string, string>();
  return {
    hide(secret) {
      for (const part of [secret, ...passwordOf(secret)])
        if (part.length >= SHORTEST) for (const spelling of spellings(part)) hidden.set(spelling, '[secret]');
    },
    clean(text) {
      // `user:password@host` stands in what says how to write one.
      let clean = text.replaceAll(/(\b[a-z][\w+.-]*:\/\/[^\s:/@]+):(?!password@)[^\s/"]+@/giu, '$1:[secret]@');
      // The longest first: one secret may begin another.
      for (const [secret, shown] of [...hidden].sort(([a], [b]) => b.length - a.length))
        clean = clean.replaceAll(secret, shown);
      return clean;
    },
  };
}

/** As it is, inside a URL, and inside JSON. */
function spellings(secret: string): readonly string[] {
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
}

/** The password of a URL: servers name it alone. */
function passwordOf(secret: string): readonly string[] {
  const password = URL.parse(secret)?.password;
  if (!password) return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}
