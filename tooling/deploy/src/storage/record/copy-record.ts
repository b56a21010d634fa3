import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { UploadedPart } from '@labelyard/storage';
import { joinByKey } from '../join/join-by-key.js';
import { openBatchedJournal, type BatchedJournal } from './batched-journal.js';
import type { CopiedObject } from './copied-object.js';
import type { BegunUpload, JournalLine } from './journal-line.js';
import { openLineWriter, readLines } from './ndjson.js';
import { sortedRuns } from './sorted-runs.js';

const MANIFEST = 'manifest.ndjson';
const JOURNAL = 'journal.ndjson';

/** What is known of a move of one bucket: the manifest (sorted by key) and the journal of what came after it. */
export interface CopyRecord {
  readonly manifest: string;
  /** What was on both sides when the record was opened, by the bytes of the key. */
  entries(): AsyncIterable<CopiedObject>;
  /** Uploads in parts that were begun and not ended, with the parts that were sent. */
  readonly uploads: ReadonlyMap<string, BegunUpload & { readonly parts: readonly UploadedPart[] }>;
  readonly journal: BatchedJournal;
  /** Puts what was journaled into the manifest. */
  close(): Promise<void>;
}

/** The manifest of a record that nobody has open. */
export function manifestPath(folder: string): string {
  return join(folder, MANIFEST);
}

/** Whether a move wrote anything into the record in `folder`. */
export function hasEntries(folder: string): boolean {
  return [MANIFEST, JOURNAL].some((name) => (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0) > 0);
}

/** Opens or begins the record in `folder`; one process at a time. What a killed run left in the journal is taken into the manifest. */
export async function openRecord(folder: string): Promise<CopyRecord> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const uploads = await compact(folder);
  const journal = await openBatchedJournal(join(folder, JOURNAL));
  return {
    manifest: manifestPath(folder),
    entries: () => readLines<CopiedObject>(manifestPath(folder)),
    uploads,
    journal,
    async close() {
      await journal.close();
      await compact(folder);
    },
  };
}

type OpenUploads = Map<string, BegunUpload & { parts: UploadedPart[] }>;
type Change = { readonly key: string; readonly copied: CopiedObject | null };

/**
 * Merges the journal into the manifest; both are replaced whole. A crash in between does it again, with the same result. What remains in
 * the journal are uploads under way.
 */
async function compact(folder: string): Promise<OpenUploads> {
  const [manifest, journal] = [manifestPath(folder), join(folder, JOURNAL)];
  const uploads: OpenUploads = new Map();
  if (!existsSync(journal)) return uploads;
  const sorting = await mkdtemp(join(folder, 'sorting-'));
  try {
    const runs = await sortedRuns(changesIn(journal, uploads), sorting);
    if (runs.length > 0) {
      const writer = await openLineWriter(`${manifest}.new`);
      const old = (async function* () {
        for await (const copied of readLines<CopiedObject>(manifest)) yield { key: copied.key, copied };
      })();
      for await (const { items } of joinByKey(old, ...runs)) {
        const copied = items.findLast((item): item is Change => item !== undefined)?.copied;
        if (copied) await writer.write(copied);
      }
      await writer.close();
      await rename(`${manifest}.new`, manifest);
    }
    const rest = await openLineWriter(`${journal}.new`);
    for (const { parts, ...upload } of uploads.values()) {
      await rest.write({ event: 'upload', ...upload } satisfies JournalLine);
      for (const { part_number, etag } of parts) {
        const { key, upload_id } = upload;
        await rest.write({ event: 'part', key, upload_id, part: part_number, etag } satisfies JournalLine);
      }
    }
    await rest.close();
    await rename(`${journal}.new`, journal);
    return uploads;
  } finally {
    await rm(sorting, { recursive: true });
  }
}

/** Objects that came and went; uploads are put into `uploads` on the way. */
async function* changesIn(journal: string, uploads: OpenUploads): AsyncGenerator<Change> {
  for await (const line of readLines<JournalLine>(journal)) {
    switch (line.event) {
      case 'copied': {
        const { event: _, ...copied } = line;
        yield { key: line.key, copied };
        break;
      }
      case 'forgotten':
        yield { key: line.key, copied: null };
        break;
      case 'upload': {
        const { event: _, ...upload } = line;
        uploads.set(line.key, { ...upload, parts: [] });
        break;
      }
      case 'part': {
        const upload = uploads.get(line.key);
        if (upload?.upload_id === line.upload_id) upload.parts.push({ part_number: line.part, etag: line.etag });
        break;
      }
      case 'upload ended':
        uploads.delete(line.key);
        break;
    }
  }
}
