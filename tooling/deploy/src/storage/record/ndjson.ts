import { createReadStream, existsSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** Lines of a file as objects, in their order. A last line that a crash cut short is left out; a file that is not there has none. */
export async function* readLines<T>(path: string): AsyncGenerator<T> {
  if (!existsSync(path)) return;
  const file = createReadStream(path, { highWaterMark: 1024 * 1024 });
  let broken: string | undefined;
  for await (const line of createInterface({ input: file, crlfDelay: Infinity })) {
    if (broken !== undefined)
      throw new Error(`${path} is damaged: a line in the middle is cut: ${broken.slice(0, 80)}`);
    if (line === '') continue;
    try {
      const value = JSON.parse(line) as T;
      yield value;
    } catch {
      broken = line;
    }
  }
}

const WRITE_AT = 256 * 1024;

/** Writes a file line by line in large pieces; on disk when `close` resolves. */
export async function openLineWriter(
  path: string,
): Promise<{ write: (value: object) => Promise<void> | undefined; close: () => Promise<void> }> {
  const file: FileHandle = await open(path, 'w', 0o600);
  let text = '';
  const flush = async () => {
    const piece = text;
    text = '';
    await file.writeFile(piece);
  };
  return {
    write(value) {
      text += `${JSON.stringify(value)}\n`;
      return text.length >= WRITE_AT ? flush() : undefined;
    },
    async close() {
      try {
        await flush();
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}
