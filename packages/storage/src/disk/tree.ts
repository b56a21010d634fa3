import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compareBytewise } from '../bytewise.js';
import { StorageDamaged } from '../errors.js';
import type { DiskIo } from './disk-io.js';
import { decodeEntry, HASHED_FOLDER } from './names.js';
import { isMissing, readObjectFacts, type ObjectFacts } from './object-file.js';

/** Files whose facts are read at once. */
const READ_AHEAD = 32;

interface Entry {
  /** A whole key, or the beginning (ending in `/`) of the keys in a folder. */
  key: string;
  path: string;
  is_folder: boolean;
}

export interface Wanted {
  prefix: string;
  /** Only keys after this one. */
  start_after: string;
}

/**
 * Objects of a folder and those below, in bytewise order of the key. A folder is sorted in memory, the tree is not: an
 * entry `a/` stands where all keys beginning with it belong, because no other entry's key can begin with it.
 */
export async function* walkObjects(
  io: DiskIo,
  folder: string,
  wanted: Wanted,
  key_start = '',
): AsyncGenerator<ObjectFacts> {
  let files: Entry[] = [];
  for (const entry of await wantedEntries(io, folder, wanted, key_start)) {
    if (!entry.is_folder) files.push(entry);
    if (files.length === READ_AHEAD || (entry.is_folder && files.length > 0)) {
      yield* await readAll(io, files);
      files = [];
    }
    if (entry.is_folder) yield* walkObjects(io, entry.path, wanted, entry.key);
  }
  yield* await readAll(io, files);
}

async function wantedEntries(io: DiskIo, folder: string, wanted: Wanted, key_start: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const found of await readFolder(io, folder)) {
    const path = join(folder, found.name);
    const is_folder = found.isDirectory();
    if (is_folder && found.name === HASHED_FOLDER) {
      entries.push(...(await hashedEntries(io, path)));
      continue;
    }
    const piece = decodeEntry(found.name, is_folder);
    // Not ours: `.DS_Store`, `Thumbs.db`, `lost+found`, …
    if (piece !== undefined) entries.push({ key: key_start + piece, path, is_folder });
  }
  return entries.filter((entry) => isWanted(entry, wanted)).sort((a, b) => compareBytewise(a.key, b.key));
}

function isWanted({ key, is_folder }: Entry, { prefix, start_after }: Wanted): boolean {
  if (!is_folder) return key.startsWith(prefix) && compareBytewise(key, start_after) > 0;
  if (!key.startsWith(prefix) && !prefix.startsWith(key)) return false;
  return compareBytewise(key, start_after) > 0 || start_after.startsWith(key);
}

/** Files named by hash know their key themselves. */
async function hashedEntries(io: DiskIo, folder: string): Promise<Entry[]> {
  const paths = (await readFolder(io, folder)).map(({ name }) => join(folder, name));
  const entries: Entry[] = [];
  for (let start = 0; start < paths.length; start += READ_AHEAD) {
    const read = await Promise.all(
      paths.slice(start, start + READ_AHEAD).map(async (path) => ({ path, facts: await readObjectFacts(io, path) })),
    );
    for (const { path, facts } of read) if (facts) entries.push({ key: facts.key, path, is_folder: false });
  }
  return entries;
}

async function readFolder(io: DiskIo, folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return []; // Deleted since its parent was read.
    throw io.translate(error);
  }
}

async function readAll(io: DiskIo, files: Entry[]): Promise<ObjectFacts[]> {
  const read = await Promise.all(
    files.map(async ({ key, path }) => ownFacts(await readObjectFacts(io, path), key, path)),
  );
  return read.filter((facts) => facts !== undefined);
}

/** A file moved by hand would be another key's object. @throws StorageDamaged */
export function ownFacts<T extends ObjectFacts | undefined>(facts: T, key: string, path: string): T {
  if (facts === undefined || facts.key === key) return facts;
  throw new StorageDamaged(
    `${path} holds the object ${JSON.stringify(facts.key)}, not ${JSON.stringify(key)}: somebody moved it by hand.`,
    { path, key },
  );
}
