const CHANNEL = 'labelyard-sign-in';

/** Tells the other tabs of this browser that somebody has just signed in: what waits for that goes on. */
export function announceSignIn(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(null);
  channel.close();
}

/** Calls `listener` whenever somebody signs in in another tab. Returns how to stop. */
export function onSignIn(listener: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = listener;
  return () => channel.close();
}
