import { DomainError } from '@labelyard/domain';
import jwt from 'jsonwebtoken';
import { secretId } from './token-keys.js';
import { tokenHash, Tokens, type TokenOptions } from './tokens.js';

const CURRENT = 'current-secret-current-secret-current';
const PREVIOUS = 'previous-secret-previous-secret-prev';
const T0 = Date.parse('2026-01-01T00:00:00Z');

function tokensAt(start: number, options: Partial<TokenOptions> = {}) {
  const clock = { now: start };
  const tokens = new Tokens({ secrets: { current: CURRENT }, expires_in_seconds: 3_600, ...options }, () => clock.now);
  return { tokens, clock };
}

function reason(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return [error.code, (error.details as { reason: string }).reason];
    throw error;
  }
  return 'taken';
}

test('a token names the secret that signed it, by a hash that tells nothing else', () => {
  const { tokens } = tokensAt(Date.now());
  const { header, payload } = jwt.decode(tokens.sign('7').token, { complete: true }) as jwt.Jwt;
  expect(header).toEqual({ alg: 'HS256', typ: 'JWT', kid: secretId(CURRENT) });
  expect(header.kid).toMatch(/^[0-9a-f]{8}$/u);
  expect(payload).toEqual({
    sub: '7',
    epoch: 0,
    jti: expect.any(String),
    iat: expect.any(Number),
    exp: expect.any(Number),
  });
});

test('a remembered token ends when it says so, not when it is forgotten', () => {
  const { tokens, clock } = tokensAt(Date.now());
  const { token } = tokens.sign('7');
  expect(tokens.verify(token).user_id).toBe('7');
  clock.now += 3_600_000 + 4_000;
  expect(tokens.verify(token).user_id).toBe('7');
  clock.now += 2_000;
  expect(reason(() => tokens.verify(token))).toEqual(['unauthorized', 'expired']);
});

test('after a rotation old tokens live on, new ones are signed with the new secret, and then the old secret goes', () => {
  const before = tokensAt(Date.now(), { secrets: { current: PREVIOUS } }).tokens.sign('7').token;
  const rotating = tokensAt(Date.now(), { secrets: { current: CURRENT, previous: PREVIOUS } }).tokens;
  const after = tokensAt(Date.now()).tokens;
  expect(rotating.verify(before).user_id).toBe('7');
  expect(after.verify(rotating.sign('8').token).user_id).toBe('8');
  expect(reason(() => after.verify(before))).toEqual(['unauthorized', 'invalid']);
});

test('issuer and audience are required when they are set, and not otherwise', () => {
  const strict = { issuer: 'platform', audience: 'labelyard' };
  const plain = tokensAt(Date.now()).tokens;
  const checked = tokensAt(Date.now(), strict).tokens;
  expect(checked.verify(checked.sign('7').token).user_id).toBe('7');
  expect(plain.verify(checked.sign('7').token).user_id).toBe('7');
  expect(reason(() => checked.verify(plain.sign('7').token))).toEqual(['unauthorized', 'invalid']);
  const other = tokensAt(Date.now(), { ...strict, audience: 'platform' }).tokens;
  expect(reason(() => checked.verify(other.sign('7').token))).toEqual(['unauthorized', 'invalid']);
});

test('a token from long ago is expired', () => {
  expect(reason(() => tokensAt(Date.now()).tokens.verify(tokensAt(T0 - 90_000_000).tokens.sign('7').token))).toEqual([
    'unauthorized',
    'expired',
  ]);
});

test('verifying the same token again does not make the strategy work again', () => {
  const { tokens } = tokensAt(Date.now());
  const { token } = tokens.sign('7');
  expect(tokens.verify(token)).toBe(tokens.verify(token));
});

test('a session that was ended is refused although its token is good, however it is written, and no other is', () => {
  const { tokens } = tokensAt(Date.now());
  const [ended, other] = [tokens.sign('7').token, tokens.sign('7').token];
  expect(tokens.claimsOf(ended)).toMatchObject({ user_id: '7' });
  const expires_at = new Date(tokens.verify(ended).exp * 1_000).toISOString();
  tokens.end({ token_hash: tokenHash(ended), expires_at });
  expect(reason(() => tokens.verify(ended))).toEqual(['unauthorized', 'ended']);
  expect(tokens.claimsOf(ended)).toBeNull();
  // The last letter of a signature stands for more bits than it has.
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = letters.indexOf(ended.at(-1) as string);
  for (const spare of [1, 2, 3])
    expect(reason(() => tokens.verify(ended.slice(0, -1) + letters[last ^ spare]))).toEqual([
      'unauthorized',
      'invalid',
    ]);
  expect(tokens.verify(other).user_id).toBe('7');
});
