import 'server-only';
import { ApiError, createClient, type Client } from '@labelyard/contract';
import { cookies, headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import { errorDigest } from '@/error-digest';
import { env } from '@/env';
import { PATH_HEADER } from '@/http/return-path';
import { SESSION_COOKIE } from '@/session-cookie';

/** The API as the person of the current request, called from the server: their session and their address go along. */
export async function serverApi(): Promise<Client> {
  const session = (await cookies()).get(SESSION_COOKIE)?.value ?? '';
  const address = (await headers()).get('x-forwarded-for') ?? '';
  return createClient({
    origin: env().api_url,
    token: session,
    fetch: (url, init) =>
      fetch(url, {
        ...init,
        cache: 'no-store',
        headers: { ...(init?.headers as Record<string, string>), 'x-forwarded-for': address },
      }),
  });
}

/** Turns what a page cannot show into Next's own ways out: sign in again, or the "not found" page. Rethrows the rest. */
export async function leavePage(error: unknown): Promise<never> {
  if (error instanceof ApiError && error.status === 401) {
    const path = (await headers()).get(PATH_HEADER) ?? '';
    redirect(`/login?expired=1&next=${encodeURIComponent(path)}`);
  }
  if (error instanceof ApiError && (error.status === 404 || error.status === 422)) notFound();
  // React hides messages of the server from the browser, but passes a digest on.
  if (error instanceof ApiError) Object.assign(error, { digest: errorDigest(error.code) });
  throw error;
}
