import { createClient, type Client } from '@labelyard/contract';
import type { BrowserContext } from '@playwright/test';
import { env } from './env';

export interface Session {
  readonly token: string;
  readonly cookie: { readonly name: string; readonly value: string };
  /** The API as a program calls it. */
  readonly api: Client;
}

/** Signs in without the browser. `who` counts the people of the run: 0 owns what the journeys make. */
export async function openSession(who = 0): Promise<Session> {
  const { web_url, api_url, people, password } = env();
  const response = await fetch(`${web_url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: web_url },
    body: JSON.stringify({ email: people[who]?.email, password }),
  });
  if (!response.ok) throw new Error(`Signing in answered ${response.status}: ${await response.text()}`);
  const { access_token: token } = (await response.json()) as { access_token: string };
  const pair = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const at = pair.indexOf('=');
  return {
    token,
    cookie: { name: pair.slice(0, at), value: pair.slice(at + 1) },
    api: createClient({ origin: api_url, token }),
  };
}

/** Lets every page of the context be signed in, as after the sign-in form. */
export async function signIn(context: BrowserContext, { cookie }: Session): Promise<void> {
  await context.addCookies([{ ...cookie, url: env().web_url, httpOnly: true, sameSite: 'Lax' }]);
}
