import { hash, randomBytes } from 'node:crypto';

/** What a link carries. Only `token_hash` is kept: whoever reads the database cannot accept for somebody else. */
export function newInvitationToken(): { token: string; token_hash: string } {
  const token = randomBytes(32).toString('base64url');
  return { token, token_hash: invitationTokenHash(token) };
}

export function invitationTokenHash(token: string): string {
  return hash('sha256', token, 'hex');
}
