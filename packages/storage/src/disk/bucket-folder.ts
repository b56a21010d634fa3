import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { diskIo, type DiskIo } from './disk-io.js';
import { objectPath } from './names.js';
import { isMissing } from './object-file.js';

/** What a crash may leave behind is removed after: a write that was cut off. */
const TEMPORARY_MS = 24 * 3600_000;
/** … and an upload in parts that nobody completed (R2's rule). */
const UPLOAD_MS = 7 * 24 * 3600_000;
/** Folders may vanish under a writer when somebody deletes their last object; each try makes them again. */
const COMMIT_TRIES = 20;

/** A bucket's folder: `objects/` (see names.ts), `uploads/` (in parts), `temporary/` (being written; same file system). */
export interface BucketFolder {
  io: DiskIo;
  /** Makes the folders and clears old remains; only the first call works. */
  prepare: () => Promise<void>;
  objects: string;
  uploads: string;
  /** Path of a key's file. */
  objectFile: (key: string) => string;
  temporaryPath: () => string;
  /** Moves a complete, synced file to a key, replacing what is there; durable when it resolves. What `before` throws removes it. */
  commit: (temporary: string, key: string, before?: () => Promise<void>) => Promise<void>;
  /** Removes a key's file, and the folders left empty. */
  remove: (key: string) => Promise<void>;
  checkWritable: () => Promise<void>;
}

export function bucketFolder(root: string, bucket: string): BucketFolder {
  const folder = join(root, bucket);
  const [objects, uploads, temporary] = ['objects', 'uploads', 'temporary'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const io = diskIo(folder);
  let prepared: Promise<void> | undefined;

  const self: BucketFolder = {
    io,
    objects,
    uploads,
    objectFile: (key) => join(objects, ...objectPath(key)),
    temporaryPath: () => join(temporary, randomUUID()),

    prepare() {
      prepared ??= io(async () => {
        for (const path of [objects, uploads, temporary]) await mkdir(path, { recursive: true });
        await removeOlder(temporary, TEMPORARY_MS);
        await removeOlder(uploads, UPLOAD_MS);
      }).catch((error: unknown) => {
        prepared = undefined; // The next call tries again.
        throw error;
      });
      return prepared;
    },

    async commit(from, key, before) {
      try {
        await before?.();
      } catch (error) {
        await rm(from, { force: true }).catch(() => undefined);
        throw error;
      }
      await io(async () => {
        const to = self.objectFile(key);
        const parent = dirname(to);
        let up_to = parent;
        for (let tries = 1; ; tries++) {
          try {
            await rename(from, to);
            return await syncFolders(parent, up_to);
          } catch (error) {
            if (tries === COMMIT_TRIES || !isMissing(error)) throw error;
          }
          // Nearly always it is there, beside its neighbours.
          const first_made = await mkdir(parent, { recursive: true });
          if (first_made !== undefined) up_to = dirname(first_made);
        }
      });
    },

    remove: (key) =>
      io(async () => {
        const path = self.objectFile(key);
        try {
          await rm(path);
        } catch (error) {
          if (isMissing(error)) return;
          throw error;
        }
        for (let parent = dirname(path); parent.startsWith(objects + sep); parent = dirname(parent)) {
          // Not empty, or somebody was faster: both mean there is nothing more to clear.
          if (
            !(await rmdir(parent).then(
              () => true,
              () => false,
            ))
          )
            return;
        }
      }),

    async checkWritable() {
      await self.prepare();
      await io(() => access(temporary, constants.W_OK));
    },
  };
  return self;
}

/** A rename survives a power cut only when its folder, and any folder made for it, is synced. */
async function syncFolders(from: string, up_to: string): Promise<void> {
  if (process.platform === 'win32') return; // Cannot sync folders, and does not need to.
  for (let path = from; ; path = dirname(path)) {
    const handle = await open(path, 'r').catch((error: unknown) => {
      if (isMissing(error)) return undefined; // Somebody has already deleted the object and cleared the folder.
      throw error;
    });
    try {
      await handle?.sync();
    } finally {
      await handle?.close();
    }
    if (path === up_to || path === dirname(path)) return;
  }
}

async function removeOlder(folder: string, age_ms: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > age_ms) await rm(path, { recursive: true, force: true });
  }
}
