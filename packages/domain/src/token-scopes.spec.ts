import { roleOfScopes, serviceTokenId, serviceUserId, tokenStatus } from './token-scopes.js';

test('a token has the strongest role of its scopes', () => {
  expect(roleOfScopes(['projects:read'])).toBe('viewer');
  expect(roleOfScopes(['annotations:write', 'projects:read'])).toBe('annotator');
  expect(roleOfScopes(['projects:read', 'exports:create', 'annotations:write'])).toBe('reviewer');
});

test('a token ends at its time, or when it is taken back', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const later = '2026-01-01T00:00:00.001Z';
  expect(tokenStatus({ expires_at: later, revoked_at: null }, now)).toBe('active');
  expect(tokenStatus({ expires_at: '2026-01-01T00:00:00.000Z', revoked_at: null }, now)).toBe('expired');
  expect(tokenStatus({ expires_at: later, revoked_at: later }, now)).toBe('revoked');
});

test('a token’s user id leads back to it, a person’s to none', () => {
  expect(serviceTokenId(serviceUserId(12))).toBe(12);
  for (const id of ['12', 'service:', 'service:1x', 'a-service:1', '3b241101-e2bb-4255-8caf-4136c566a962'])
    expect(serviceTokenId(id)).toBeNull();
});
