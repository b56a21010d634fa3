// The part of an archive's export that is the same for any writer of zip files: entries that are in memory, onto the disk.
import { createHash, randomBytes } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createStorage } from '@labelyard/storage';
import { API_FOLDER } from '../harness/lab.mjs';

const LIMITS = { max_entries: 1_000_000, max_unpacked_bytes: 2 ** 32 };

/** @param {string} name @returns {Promise<any>} a module of the built API */
const api = (name) => import(pathToFileURL(join(API_FOLDER, 'dist', `${name}.js`)).href);

/**
 * A side of a comparison: the entries of an archive, written again by the product's writer into its disk storage, with SHA-256 and onto
 * the disk as every export.
 *
 * @param {string} archive a zip file
 * @param {string} folder
 */
export async function zipWriter(archive, folder) {
  const { readDirectory } = await api('imports/zip-archive');
  const { zipArchive } = await api('exports/zip-archive');
  const { writeObject } = await api('exports/object-writer');
  const root = join(folder, 'zip-writer');
  const signing_secret = randomBytes(32).toString('hex');
  const storage = createStorage({ driver: 'disk', root, public_url: '', signing_secret }).annotations;
  const entries = await entriesOf(archive, readDirectory);
  const wanted = createHash('sha256')
    .update(await readFile(archive))
    .digest('hex');
  return async () => {
    const cpu = process.cpuUsage();
    const started = performance.now();
    const { sha256 } = await writeObject(storage, 'export.zip', zipArchive(entries), {
      content_type: 'application/zip',
      signal: new AbortController().signal,
    });
    const wall_ms = performance.now() - started;
    const { user, system } = process.cpuUsage(cpu);
    if (sha256 !== wanted) throw new Error('The same entries made another archive');
    await storage.delete('export.zip');
    return { wall_ms, count: entries.length, cpu_ms: (user + system) / 1000 };
  };
}

/**
 * @param {string} archive
 * @param {(file: import('node:fs/promises').FileHandle, limits: typeof LIMITS) => Promise<{ path: string, chunks: () => AsyncIterable<Uint8Array> }[]>} readDirectory
 */
async function entriesOf(archive, readDirectory) {
  const file = await open(archive);
  try {
    const entries = [];
    for (const { path, chunks } of await readDirectory(file, LIMITS)) {
      const pieces = [];
      for await (const piece of chunks()) pieces.push(piece);
      entries.push({ path, content: Buffer.concat(pieces) });
    }
    return entries;
  } finally {
    await file.close();
  }
}
