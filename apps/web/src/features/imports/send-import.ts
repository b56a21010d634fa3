import type { ImportJob } from '@labelyard/contract';
import { api } from '@/api';
import { xhrPut } from '@/features/uploads/put-blob';
import { pickedPath, type FileWithPath } from '@/features/uploads/picked-files';

/** Of one upload; a larger folder goes as an archive. */
export const MOST_FILES = 1_000;
const AT_ONCE = 4;
const TRIES = 4;
/** What operating systems leave in folders. */
const LITTER = /(?:^|\/)(?:\.[^/]*|thumbs\.db|desktop\.ini|__macosx\/.*)$/iu;

export class TooManyFiles extends Error {}

/** Files that can be part of an import, by their paths inside what was picked. */
export function importFiles(files: readonly FileWithPath[]): { path: string; file: File }[] {
  const found = files.map((file) => ({ path: pickedPath(file), file })).filter(({ path }) => !LITTER.test(path));
  if (found.length > MOST_FILES) throw new TooManyFiles();
  return found;
}

/** Brings files to the storage and begins to look at them. `onProgress` is told the share that was sent. */
export async function sendImport(
  { dataset_id, project_id }: { dataset_id: number; project_id: number },
  files: readonly { path: string; file: File }[],
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<ImportJob> {
  const upload = await api(
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
  const put = xhrPut();
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
  const jobs = upload.files.flatMap((target, n): (() => Promise<unknown>)[] => {
    const file = files[n]?.file;
    if (!file || target.status !== 'pending') return [];
    const { put_url, content_type, parts = [], path } = target;
    if (put_url)
      return [() => put({ url: put_url, body: file, content_type, signal, onProgress: (bytes) => tell(path, bytes) })];
    return parts.map((part) => async () => {
      const body = file.slice(part.offset, part.offset + part.size);
      const onPart = (bytes: number) => tell(`${path} ${part.number}`, bytes);
      const { etag } = await put({ url: part.url, body, signal, onProgress: onPart });
      (etags[path] ??= []).push({ number: part.number, etag: etag ?? '' });
    });
  });
  await inTurn(jobs, signal);
  const answer = await api('uploads.complete', { params: { upload_id: upload.id }, body: { etags } }, { signal });
  const [refused] = answer.rejected;
  if (refused) throw new Error(`${refused.name}: ${refused.message}`);
  return api('imports.create', { body: { project_id, upload_id: upload.id } }, { signal });
}

async function inTurn(jobs: readonly (() => Promise<unknown>)[], signal: AbortSignal): Promise<void> {
  let next = 0;
  const work = async () => {
    for (let job = jobs[next++]; job; job = jobs[next++]) {
      for (let tries = 1; ; tries += 1) {
        try {
          await job();
          break;
        } catch (error) {
          if (signal.aborted || tries === TRIES) throw error;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
