import { standInLine, type TabLocks } from './image-tabs';

/** One browser's locks: whoever asks first holds, the others wait in line. */
class Browser {
  private readonly lines = new Map<string, (() => void)[]>();

  readonly locks = {
    request: async (
      name: string,
      { ifAvailable = false, signal }: LockOptions,
      callback: (lock: Lock | null) => unknown,
    ) => {
      const line = this.lines.get(name) ?? [];
      if (ifAvailable && line.length > 0) return callback(null);
      this.lines.set(name, line);
      await new Promise<void>((granted, refused) => {
        line.push(granted);
        signal?.addEventListener('abort', () => {
          const at = line.indexOf(granted);
          if (at < 1) return;
          line.splice(at, 1);
          refused(new DOMException('aborted', 'AbortError'));
        });
        if (line.length === 1) granted();
      });
      await callback({ name, mode: 'exclusive' });
      line.shift();
      line[0]?.();
    },
  } as unknown as TabLocks;

  /** A tab that shows an image, and what it has said so far. */
  open(image_id: number, user_id = 'ann') {
    const said: boolean[] = [];
    return { said, close: standInLine({ user_id, image_id }, this.locks, (elsewhere) => said.push(elsewhere)) };
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('the second tab on an image says so until the first leaves it', async () => {
  const browser = new Browser();
  const first = browser.open(1);
  await settled();
  const second = browser.open(1);
  await settled();
  expect([first.said, second.said]).toEqual([[false], [true]]);
  first.close();
  await settled();
  expect(second.said).toEqual([true, false]);
  const third = browser.open(1);
  await settled();
  expect(third.said).toEqual([true]);
});

test('another image, and another person in the same browser, are no matter', async () => {
  const browser = new Browser();
  browser.open(1);
  await settled();
  const others = [browser.open(2), browser.open(1, 'ben')];
  await settled();
  expect(others.map(({ said }) => said)).toEqual([[false], [false]]);
});

test('a tab that went on to the next image is out of the line, and says nothing any more', async () => {
  const browser = new Browser();
  const first = browser.open(1);
  await settled();
  const second = browser.open(1);
  await settled();
  second.close();
  first.close();
  await settled();
  expect(second.said).toEqual([true]);
  const third = browser.open(1);
  await settled();
  expect(third.said).toEqual([false]);
});
