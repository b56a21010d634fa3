import { compareBytewise } from '@labelyard/storage';

export interface Keyed {
  readonly key: string;
}

type Streams = readonly (AsyncIterable<Keyed> | Iterable<Keyed>)[];
type ItemsOf<S extends Streams> = {
  -readonly [I in keyof S]: (S[I] extends AsyncIterable<infer T> | Iterable<infer T> ? T : never) | undefined;
};

/**
 * Walks streams that are sorted by the bytes of their keys side by side: one step per key, with what each of them has under it. Holds
 * one item per stream, whatever their length.
 *
 * @throws Error when a stream is not sorted or has a key twice: everything after it would be joined wrongly
 */
export async function* joinByKey<const S extends Streams>(
  ...streams: S
): AsyncGenerator<{ key: string; items: ItemsOf<S> }> {
  const cursors = streams.map((stream, index) => new Cursor(stream, index));
  try {
    await Promise.all(cursors.map(async (cursor) => cursor.advance()));
    for (;;) {
      let key: string | undefined;
      for (const { head } of cursors)
        if (head && (key === undefined || compareBytewise(head.key, key) < 0)) key = head.key;
      if (key === undefined) return;
      const here = cursors.filter(({ head }) => head?.key === key);
      const items = cursors.map(({ head }) => (head?.key === key ? head : undefined));
      yield { key, items: items as ItemsOf<S> };
      for (const cursor of here) {
        const advancing = cursor.advance();
        if (advancing) await advancing;
      }
    }
  } finally {
    await Promise.all(cursors.map((cursor) => cursor.close()));
  }
}

class Cursor {
  head: Keyed | undefined;
  private readonly iterator: AsyncIterator<Keyed> | Iterator<Keyed>;

  constructor(
    stream: AsyncIterable<Keyed> | Iterable<Keyed>,
    private readonly index: number,
  ) {
    this.iterator = Symbol.asyncIterator in stream ? stream[Symbol.asyncIterator]() : stream[Symbol.iterator]();
  }

  /** A promise only where one has to wait. */
  advance(): Promise<void> | undefined {
    const next = this.iterator.next();
    if (next instanceof Promise) return next.then((result) => this.take(result));
    this.take(next);
    return undefined;
  }

  async close(): Promise<void> {
    await this.iterator.return?.();
  }

  private take({ done, value }: IteratorResult<Keyed>): void {
    const before = this.head;
    this.head = done ? undefined : value;
    if (before && this.head && compareBytewise(before.key, this.head.key) >= 0)
      throw new Error(
        `Stream ${this.index} is not sorted: ${JSON.stringify(this.head.key)} after ${JSON.stringify(before.key)}.`,
      );
  }
}
