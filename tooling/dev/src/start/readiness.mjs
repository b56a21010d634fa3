import { setTimeout as delay } from 'node:timers/promises';

const INTERVAL_MS = 60;
const REQUEST_MS = 5_000;

/**
 * Asks until the answer's status is accepted; for ever, or until aborted.
 *
 * @param {string} url
 * @param {{ accept: (status: number) => boolean, signal: AbortSignal }} options
 * @returns {Promise<void>}
 */
export async function untilAnswers(url, { accept, signal }) {
  for (;;) {
    signal.throwIfAborted();
    try {
      const response = await fetch(url, {
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MS)]),
      });
      await response.body?.cancel();
      if (accept(response.status)) return;
    } catch {
      signal.throwIfAborted();
    }
    await delay(INTERVAL_MS, undefined, { signal });
  }
}
