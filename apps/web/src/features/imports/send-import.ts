import type { ImportJob, RejectionCode } from '@labelyard/contract';
import { api } from '@/api';
import { sleepOrServed } from '@/features/uploads/browser-tools';
import { isReadable } from '@/features/uploads/is-readable';
import { Patience } from '@/features/uploads/patience';
import { xhrPut } from '@/features/uploads/put-blob';
import { isLitter, pickedPath, type FileWithPath } from '@/features/uploads/picked-files';
import { MAX_RETRIES, remedyFor, TransferError } from '@/features/uploads/retry';
import type { RunTools } from '@/features/uploads/run-tools';

/** Of one upload; a larger folder goes as an archive. */
export const MOST_FILES = 1_000;
const AT_ONCE = 4;

export class TooManyFiles extends Error {}

/** A file that did not arrive as it should, or cannot be read any more. */
export class RefusedImportFile extends Error {
  constructor(
    readonly file: string,
    readonly code: RejectionCode | 'file_unreadable',
  ) {
    super(`${file}: ${code}`);
  }
}

export type SendTools = Pick<RunTools, 'api' | 'put' | 'sleep' | 'random' | 'onChange'>;

/** What sending uses in a real browser. */
const browser = (): SendTools => ({
  api,
  put: xhrPut(),
  sleep: sleepOrServed,
  random: Math.random,
  onChange: () => undefined,
});

/** Files that can be part of an import, by their paths inside what was picked. Empty ones ride along with others, not alone. */
export function importFiles(files: readonly FileWithPath[]): { path: string; file: File }[] {
  const found = files.map((file) => ({ path: pickedPath(file), file })).filter(({ path }) => !isLitter(path));
  if (found.length > MOST_FILES) throw new TooManyFiles();
  const [first] = found;
  if (first && found.every(({ file }) => file.size === 0)) throw new RefusedImportFile(first.path, 'empty_file');
  return found;
}

/** Brings files to the storage and begins to look at them. `onProgress` is told the share that was sent. */
export async function sendImport(
  { dataset_id, project_id }: { dataset_id: number; project_id: number },
  files: readonly { path: string; file: File }[],
  onProgress: (share: number) => void,
  signal: AbortSignal,
  tools: SendTools = browser(),
): Promise<ImportJob> {
  const patience = new Patience(tools);
  const { put } = tools;
  const ask: typeof tools.api = (...request) => patience.ask(() => tools.api(...request), signal);
  const upload = await ask(
    'uploads.create',
    {
      params: { dataset_id },
      body: {
        purpose: 'import',
        files: files.map(({ path, file }) => ({ path, size: file.size, content_type: file.type || undefined })),
      },
    },
    { signal },
  );
  const [unwanted] = upload.files;
  if (unwanted?.code && upload.files.every(({ status }) => status === 'rejected'))
    throw new RefusedImportFile(unwanted.path, unwanted.code);
  const total = Math.max(
    1,
    files.reduce((sum, { file }) => sum + file.size, 0),
  );
  const sent = new Map<string, number>();
  const tell = (key: string, bytes: number) => {
    sent.set(key, bytes);
    onProgress([...sent.values()].reduce((sum, part) => sum + part, 0) / total);
  };
  const etags: Record<string, { number: number; etag: string }[]> = {};
  const jobs = upload.files.flatMap((target, n): Job[] => {
    const file = files[n]?.file;
    if (!file || target.status !== 'pending') return [];
    const { put_url, content_type, parts = [], path } = target;
    if (put_url)
      return [
        {
          file,
          path,
          send: () => put({ url: put_url, body: file, content_type, signal, onProgress: (bytes) => tell(path, bytes) }),
        },
      ];
    const sendPart = async (part: (typeof parts)[number]) => {
      const body = file.slice(part.offset, part.offset + part.size);
      const onPart = (bytes: number) => tell(`${path} ${part.number}`, bytes);
      const { etag } = await put({ url: part.url, body, signal, onProgress: onPart });
      (etags[path] ??= []).push({ number: part.number, etag: etag ?? '' });
    };
    return parts.map((part) => ({ file, path, send: () => sendPart(part) }));
  });
  await inTurn(jobs, patience, signal);
  const answer = await ask('uploads.complete', { params: { upload_id: upload.id }, body: { etags } }, { signal });
  const [refused] = answer.rejected;
  if (refused) throw new RefusedImportFile(refused.name, refused.code);
  return ask('imports.create', { body: { project_id, upload_id: upload.id } }, { signal });
}

interface Job {
  readonly path: string;
  readonly file: File;
  readonly send: () => Promise<unknown>;
}

async function inTurn(jobs: readonly Job[], patience: Patience, signal: AbortSignal): Promise<void> {
  let next = 0;
  const work = async () => {
    for (let job = jobs[next++]; job; job = jobs[next++]) await patiently(job, patience, signal);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function patiently({ path, file, send }: Job, patience: Patience, signal: AbortSignal): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await send();
      return;
    } catch (error) {
      if (signal.aborted || !(error instanceof TransferError)) throw error;
      if (error.status === 0 && !(await isReadable(file))) throw new RefusedImportFile(path, 'file_unreadable');
      const remedy = remedyFor(error.status);
      const again = remedy === 'wait' || (remedy === 'retry' && tries < MAX_RETRIES);
      if (!again || !(await patience.wait(tries, error.retry_after, signal))) throw error;
    }
  }
}
