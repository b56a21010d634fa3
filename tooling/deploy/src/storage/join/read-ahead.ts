/** Reads up to `size` items before they are asked for, so that the next page of a listing is under way while this one is worked on. */
export async function* readAhead<T>(source: AsyncIterable<T>, size = 2_000): AsyncGenerator<T> {
  const waiting: T[] = [];
  let first = 0;
  let ended = false;
  let failure: { error: unknown } | undefined;
  let wakeReader: (() => void) | undefined;
  let wakeSource: (() => void) | undefined;
  let stopped = false;

  const pumping = (async () => {
    try {
      for await (const item of source) {
        waiting.push(item);
        wakeReader?.();
        if (waiting.length - first >= size) await new Promise<void>((resolve) => (wakeSource = resolve));
        if (stopped) return;
      }
    } catch (error) {
      failure = { error };
    } finally {
      ended = true;
      wakeReader?.();
    }
  })();

  try {
    for (;;) {
      while (first < waiting.length) {
        yield waiting[first++] as T;
        if (first === size) {
          waiting.splice(0, first);
          first = 0;
        }
        if (waiting.length - first < size / 2) wakeSource?.();
      }
      if (failure) throw failure.error;
      if (ended) return;
      await new Promise<void>((resolve) => (wakeReader = resolve));
    }
  } finally {
    stopped = true;
    wakeSource?.();
    if (!ended) void pumping;
  }
}
