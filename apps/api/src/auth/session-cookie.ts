import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

export const SESSION_COOKIE = 'labelyard_session';

/** The token in the session cookie, if there is one. */
export function sessionToken(header: string | undefined): string | null {
  // Parsing is worth it only when the name occurs at all.
  if (!header?.includes(SESSION_COOKIE)) return null;
  return parseCookie(header)[SESSION_COOKIE] || null;
}

/** Secure wherever the browser came by https; SameSite=Lax, so that a link from a chat still opens signed in. */
function attributes(request: FastifyRequest, strict: boolean) {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: strict || request.protocol === 'https' } as const;
}

export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  strict: boolean,
  token: string,
  seconds: number,
): void {
  void reply.header(
    'set-cookie',
    stringifySetCookie({ name: SESSION_COOKIE, value: token, ...attributes(request, strict), maxAge: seconds }),
  );
}

export function dropSessionCookie(request: FastifyRequest, reply: FastifyReply, strict: boolean): void {
  void reply.header(
    'set-cookie',
    stringifySetCookie({ name: SESSION_COOKIE, value: '', ...attributes(request, strict), maxAge: 0 }),
  );
}
