import { ApiError, type Client } from '@labelyard/contract';
import type { PutBlob } from '@/features/uploads/put-blob';
import { TransferError } from '@/features/uploads/retry';
import { importFiles, RefusedImportFile, sendImport, type SendTools } from './send-import';

const files = ['a.json', 'b.json'].map((path) => ({ path, file: new File(['{}'], path) }));

function setUp({ put, complete, create }: { put?: PutBlob; complete?: () => unknown; create?: () => unknown } = {}) {
  const calls: string[] = [];
  const waits: number[] = [];
  const answers: Record<string, () => unknown> = {
    'uploads.create':
      create ??
      (() => ({
        id: 7,
        files: files.map(({ path }) => ({ path, status: 'pending', put_url: `http://storage.test/${path}` })),
      })),
    'uploads.complete': complete ?? (() => ({ rejected: [] })),
    'imports.create': () => ({ id: 1 }),
  };
  const tools: SendTools = {
    api: (async (name: string) => {
      calls.push(name);
      return answers[name]?.();
    }) as unknown as Client,
    put: put ?? (() => Promise.resolve({ etag: null })),
    sleep: async (ms) => void waits.push(ms),
    random: () => 1,
    onChange: () => undefined,
  };
  const send = () =>
    sendImport({ dataset_id: 1, project_id: 1 }, files, () => undefined, new AbortController().signal, tools);
  return { send, calls, waits };
}

test('files go to the storage, then they are looked at', async () => {
  const { send, calls } = setUp();
  expect(await send()).toEqual({ id: 1 });
  expect(calls).toEqual(['uploads.create', 'uploads.complete', 'imports.create']);
});

test('a lost connection is waited out, however long it takes', async () => {
  let failures = 10;
  const { send, waits } = setUp({
    put: () => (failures-- > 0 ? Promise.reject(new TransferError(0)) : Promise.resolve({ etag: null })),
  });
  await send();
  expect(waits).toHaveLength(10);
  expect(Math.min(...waits)).toBeGreaterThan(0);
});

test('a busy API is asked again', async () => {
  let busy = true;
  const { send, calls } = setUp({
    complete: () => {
      if (!busy) return { rejected: [] };
      busy = false;
      throw new ApiError(503, 'storage_unavailable', 'busy');
    },
  });
  await send();
  expect(calls.filter((name) => name === 'uploads.complete')).toHaveLength(2);
});

test('what the storage never takes ends it', async () => {
  const { send, waits } = setUp({ put: () => Promise.reject(new TransferError(413)) });
  await expect(send()).rejects.toMatchObject({ status: 413 });
  expect(waits).toEqual([]);
});

test('a refused file is told by name and reason', async () => {
  const { send } = setUp({
    complete: () => ({ rejected: [{ name: 'b.json', code: 'size_mismatch', message: 'cut' }] }),
  });
  await expect(send()).rejects.toEqual(new RefusedImportFile('b.json', 'size_mismatch'));
});

test('a file with nothing in it is told before anything is sent; beside others it rides along', () => {
  const empty = new File([], 'labels.json');
  expect(() => importFiles([empty])).toThrow(new RefusedImportFile('labels.json', 'empty_file'));
  expect(importFiles([empty, new File(['1'], 'a.txt')]).map(({ path }) => path)).toEqual(['labels.json', 'a.txt']);
});

test('where none of the files is taken, the first says why', async () => {
  const { send, calls } = setUp({
    create: () => ({ id: 7, files: files.map(({ path }) => ({ path, status: 'rejected', code: 'file_too_large' })) }),
  });
  await expect(send()).rejects.toEqual(new RefusedImportFile('a.json', 'file_too_large'));
  expect(calls).toEqual(['uploads.create']);
});
