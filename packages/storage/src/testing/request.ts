/** Tries of one request whose connection broke. */
const TRIES = 4;

/**
 * `fetch` with the body read, tried again when the connection breaks: a server may close one whose body it refused to
 * read, also under the next request that reuses it. No status is ever tried again.
 */
export async function request(
  url: string | URL,
  init?: RequestInit,
): Promise<{ status: number; headers: Headers; body: Uint8Array }> {
  for (let tries = 1; ; tries++) {
    try {
      const response = await fetch(url, init);
      const { status, headers } = response;
      return { status, headers, body: new Uint8Array(await response.arrayBuffer()) };
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}
