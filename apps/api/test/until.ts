import { setTimeout as wait } from 'node:timers/promises';

/** Asks until the answer is as wished; gives the last one when patience ends, for the test to judge. */
export async function until<T>(ask: () => Promise<T>, wish: (answer: T) => boolean, patience_ms = 20_000): Promise<T> {
  const deadline = Date.now() + patience_ms;
  for (;;) {
    const answer = await ask();
    if (wish(answer) || Date.now() > deadline) return answer;
    await wait(20);
  }
}
