import { randomBytes } from 'node:crypto';
import argon2 from '@node-rs/argon2';
import bcrypt from '@node-rs/bcrypt';

const BCRYPT = /^\$2[abxy]?\$(\d\d)\$/u;
const ARGON2 = /^\$(argon2(?:id|i|d))\$v=\d+\$m=(\d+),t=(\d+),p=(\d+)\$/u;

/** OWASP's first choice for argon2id. */
const OUR_COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashes a new password with argon2id. */
export async function hashPassword(password: string): Promise<string> {
  return argon2.hash(password, OUR_COST);
}

/** Whether `password` made `stored` (argon2 or bcrypt, told by the prefix). A hash of another kind fits no password. */
async function fits(stored: string, password: string): Promise<boolean> {
  try {
    if (BCRYPT.test(stored)) return await bcrypt.verify(password, stored);
    if (ARGON2.test(stored)) return await argon2.verify(stored, password);
  } catch {
    // A hash cut short or garbled: nobody can sign in with it, and saying so would tell that the account exists.
  }
  return false;
}

/**
 * Checks passwords in a time that does not tell whether the account exists: without one a decoy is checked, a hash of
 * nobody's password, made with the kind and cost of the hashes met last.
 */
export class PasswordCheck {
  private cost = '';
  private decoy: Promise<string> = hashPassword(randomBytes(24).toString('base64'));

  async verify(stored: string | null, password: string): Promise<boolean> {
    if (stored === null) {
      await fits(await this.decoy, password);
      return false;
    }
    this.imitate(stored);
    return fits(stored, password);
  }

  private imitate(stored: string): void {
    const cost = (BCRYPT.exec(stored) ?? ARGON2.exec(stored))?.[0];
    if (!cost || cost === this.cost) return;
    this.cost = cost;
    this.decoy = decoyLike(stored);
  }
}

async function decoyLike(stored: string): Promise<string> {
  const nobodys = randomBytes(24).toString('base64');
  const rounds = BCRYPT.exec(stored)?.[1];
  if (rounds !== undefined) return bcrypt.hash(nobodys, { cost: Number(rounds) });
  const [, , memory, time, lanes] = ARGON2.exec(stored) ?? [];
  return argon2.hash(nobodys, { memoryCost: Number(memory), timeCost: Number(time), parallelism: Number(lanes) });
}
