import { isWellFormed, looksLikeServiceToken, newTokenSecret, secretHash } from './token-secret.js';

test('secrets are new each time, of one length, and known by their hash', () => {
  const made = Array.from({ length: 200 }, newTokenSecret);
  expect(new Set(made.map(({ secret }) => secret)).size).toBe(200);
  for (const { secret, secret_hash, secret_hint } of made) {
    expect(secret).toMatch(/^ly_[0-9A-Za-z]{49}$/u);
    expect(isWellFormed(secret)).toBe(true);
    expect(secret_hash).toBe(secretHash(secret));
    expect(secret_hash).not.toContain(secret.slice(3));
    expect(secret.endsWith(secret_hint)).toBe(true);
  }
});

test('a typing mistake is seen without asking the database', () => {
  const { secret } = newTokenSecret();
  const other = secret[10] === 'a' ? 'b' : 'a';
  expect(isWellFormed(secret.slice(0, 10) + other + secret.slice(11))).toBe(false);
  for (const text of ['ly_', secret.slice(0, -1), `${secret}0`, secret.replace('ly_', 'lx_'), `ly_${'é'.repeat(49)}`])
    expect(isWellFormed(text)).toBe(false);
  expect(looksLikeServiceToken('eyJhbGciOi')).toBe(false);
});
