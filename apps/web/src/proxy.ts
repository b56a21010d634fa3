import { NextResponse, type NextRequest } from 'next/server';
import { env } from '@/env';
import { contentSecurityPolicy, SECURITY_HEADERS } from '@/http/content-security-policy';
import { PATH_HEADER } from '@/http/return-path';
import { SESSION_COOKIE } from '@/session-cookie';

/** Pages that open without a session. */
const OPEN_PAGES = /^\/(?:login|invitations\/[\w-]+)$/u;

/**
 * Runs before every page and API call: hands `/api/*` to the API (its address is read at run time), sends people without a
 * session to the sign-in page, and puts the security headers on every page. X-Forwarded-For was set in server-hooks.ts.
 */
export function proxy(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl;
  if (pathname.startsWith('/api/')) return NextResponse.rewrite(new URL(pathname + search, env().api_url));

  if (!OPEN_PAGES.test(pathname) && !request.cookies.has(SESSION_COOKIE)) {
    const login = new URL('/login', request.url);
    if (pathname !== '/') login.searchParams.set('next', pathname + search);
    return NextResponse.redirect(login);
  }

  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy({
    nonce,
    storage_origins: env().storage_origins,
    development: env().development,
  });
  // Next finds the nonce for its own scripts in the request's policy header.
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set(PATH_HEADER, pathname + search);
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.headers.set(name, value);
  return response;
}

export const config = { matcher: '/((?!_next/static|icon.svg|favicon.ico).*)' };
