import { hash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const PREFIX = 'ly_';
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 32 bytes, and a checksum of 32 bits, in base 62. */
const RANDOM_LENGTH = 43;
const CHECK_LENGTH = 6;
const SHAPE = new RegExp(`^${PREFIX}[0-9A-Za-z]{${RANDOM_LENGTH + CHECK_LENGTH}}$`, 'u');

export interface TokenSecret {
  readonly secret: string;
  readonly secret_hash: string;
  readonly secret_hint: string;
}

function base62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest /= 62n) text = (DIGITS[Number(rest % 62n)] as string) + text;
  return text;
}

function checksum(random: string): string {
  return base62(BigInt(crc32(random)), CHECK_LENGTH);
}

/** A secret nobody can guess. The checksum lets scanners for leaked secrets, and us, tell a real one without asking. */
export function newTokenSecret(): TokenSecret {
  const random = base62(BigInt(`0x${randomBytes(32).toString('hex')}`), RANDOM_LENGTH);
  const secret = PREFIX + random + checksum(random);
  return { secret, secret_hash: secretHash(secret), secret_hint: secret.slice(-4) };
}

/** SHA-256 is enough here: what is hashed has 256 random bits, so there is nothing to try out. */
export function secretHash(secret: string): string {
  return hash('sha256', secret, 'hex');
}

/** Whether a bearer token means to be one of ours rather than a session's. */
export function looksLikeServiceToken(token: string): boolean {
  return token.startsWith(PREFIX);
}

/** Whether it can be one: right shape, right checksum. */
export function isWellFormed(token: string): boolean {
  if (!SHAPE.test(token)) return false;
  const random = token.slice(PREFIX.length, PREFIX.length + RANDOM_LENGTH);
  return token.endsWith(checksum(random));
}
