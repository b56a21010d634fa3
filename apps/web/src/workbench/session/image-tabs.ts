/** The part of the Web Locks API that is used here. */
export type TabLocks = Pick<LockManager, 'request'>;

const PREFIX = 'labelyard-image-';

/**
 * Tells whether an image is open in another tab of the same person: tabs of a browser stand in line for a lock named after it, the
 * first holds it for as long as it shows the image, and the browser moves the line on even when that tab crashes. Answers how
 * to step out of the line.
 */
export function standInLine(
  image: { readonly user_id: string; readonly image_id: number },
  locks: TabLocks,
  onChange: (elsewhere: boolean) => void,
): () => void {
  const name = `${PREFIX}${image.user_id}-${image.image_id}`;
  const waiting = new AbortController();
  let leave: () => void = () => undefined;
  const left = new Promise<void>((resolve) => (leave = resolve));
  const hold = () => {
    if (!waiting.signal.aborted) onChange(false);
    return left;
  };
  void locks
    .request(name, { ifAvailable: true }, (lock) => (lock ? hold().then(() => true) : false))
    .then((held) => {
      if (held || waiting.signal.aborted) return;
      onChange(true);
      return locks.request(name, { signal: waiting.signal }, hold);
    })
    // The wait was given up.
    .catch(() => undefined);
  return () => {
    waiting.abort();
    leave();
  };
}
