import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';

/** What was done, one JSON object per line, on disk before the next thing begins. */
export interface Journal<Entry extends object> {
  readonly path: string;
  /** Everything written so far, also by runs that were killed. */
  readonly entries: readonly Entry[];
  append(entry: Entry): void;
  close(): void;
}

/** Opens or begins a journal. A line cut short by a crash is left out, and what follows begins a new line. */
export function openJournal<Entry extends object>(path: string): Journal<Entry> {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const entries = text.split('\n').flatMap((line) => parsed<Entry>(line));
  const file = openSync(path, 'a', 0o600);
  if (text && !text.endsWith('\n')) writeSync(file, '\n');
  return {
    path,
    entries,
    append(entry) {
      writeSync(file, `${JSON.stringify(entry)}\n`);
      fsyncSync(file);
      entries.push(entry);
    },
    close: () => closeSync(file),
  };
}

function parsed<Entry>(line: string): Entry[] {
  if (!line) return [];
  try {
    return [JSON.parse(line) as Entry];
  } catch {
    return [];
  }
}
