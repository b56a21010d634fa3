// Where a key's bytes lie below a bucket's `objects/` folder. Guarantees, on any file system:
// - Two keys never share a file, also where names ignore case (Windows, macOS) or normalise Unicode (macOS): only
//   `a-z 0-9 - _ .` stand for themselves, `^x` is a capital X, `%xx` one byte of UTF-8.
// - `a` and `a/b` both exist: folders end in `+`, which no encoded segment holds.
// - No name or path is too long: from the first segment that would be, the rest of the key becomes one hashed file in
//   a folder `~` (the file itself carries its key). Nor is any name hidden, reserved by Windows, or ending in a dot.
// - A folder's entries give back their keys, so listing in order needs no index.
import { createHash } from 'node:crypto';

/** Longest name of a file or folder we make; file systems stop at 255, some encrypted ones at 143. */
const MAX_NAME = 140;
/** Longest path below the bucket's folder; macOS stops at 1,024 for the whole path. */
const MAX_PATH = 600;
/** Folder of files named by hash. */
export const HASHED_FOLDER = '~';
const FOLDER_MARK = '+';

const RESERVED_ON_WINDOWS = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/;
const ENCODED = /^(?:[a-z\d._-]|\^[a-z]|%[\da-f]{2})+$/;

const escapeByte = (byte: number) => `%${byte.toString(16).padStart(2, '0')}`;
const escapeFirst = (name: string) => escapeByte(name.charCodeAt(0)) + name.slice(1);

/** One segment of a key as a name that every file system keeps apart from all others. */
export function encodeSegment(segment: string): string {
  let name = segment.replace(/[^a-z\d._-]/gu, (char) =>
    /[A-Z]/.test(char) ? `^${char.toLowerCase()}` : [...Buffer.from(char)].map(escapeByte).join(''),
  );
  if (name.startsWith('.') || RESERVED_ON_WINDOWS.test(name)) name = escapeFirst(name);
  return name.endsWith('.') ? name.slice(0, -1) + escapeByte(0x2e) : name;
}

/** The segment a name stands for; undefined when the name is not one of ours. */
export function decodeSegment(name: string): string | undefined {
  if (!ENCODED.test(name)) return undefined;
  const bytes: number[] = [];
  for (let i = 0; i < name.length; i++) {
    if (name[i] === '%') bytes.push(parseInt(name.slice(i + 1, (i += 2) + 1), 16));
    else if (name[i] === '^') bytes.push(name.charCodeAt(++i) - 32);
    else bytes.push(name.charCodeAt(i));
  }
  const segment = Buffer.from(bytes).toString();
  return encodeSegment(segment) === name ? segment : undefined;
}

/** A folder's entry as the piece of key it stands for: a segment, or a segment and `/`. */
export function decodeEntry(name: string, is_folder: boolean): string | undefined {
  if (!is_folder) return decodeSegment(name);
  if (!name.endsWith(FOLDER_MARK)) return undefined;
  const segment = decodeSegment(name.slice(0, -FOLDER_MARK.length));
  return segment === undefined ? undefined : `${segment}/`;
}

/** Path of a key's file below `objects/`, as folder names and a file name. */
export function objectPath(key: string): string[] {
  const segments = key.split('/');
  const path: string[] = [];
  let length = 0;
  for (const [index, segment] of segments.entries()) {
    const name = encodeSegment(segment) + (index < segments.length - 1 ? FOLDER_MARK : '');
    length += name.length + 1;
    if (name.length > MAX_NAME || length > MAX_PATH) {
      const rest = segments.slice(index).join('/');
      return [...path, HASHED_FOLDER, createHash('sha256').update(rest).digest('hex')];
    }
    path.push(name);
  }
  return path;
}
