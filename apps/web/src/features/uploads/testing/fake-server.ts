import { ApiError, type Client, type RejectionCode, type Upload } from '@labelyard/contract';
import type { PutBlob } from '../put-blob';
import { TransferError } from '../retry';

type ServerFile = Upload['files'][number] & { stored: Map<number, Blob> };

/** Bytes from which the server wants parts, and their size. */
export const PART_BYTES = 10;

/**
 * The API's upload calls and the storage behind them, in memory. `fail` decides about each request before it is answered:
 * return an error to be thrown, or nothing.
 */
export class FakeServer {
  readonly sessions = new Map<number, { files: ServerFile[]; on_duplicate: string }>();
  /** Paths that became images, in their order. */
  readonly images: string[] = [];
  /** Every request in its order: the call's name, or `put <path>#<part>`. */
  readonly log: string[] = [];
  fail: (request: string) => Error | undefined = () => undefined;
  /** Bytes that are no image, by path. */
  damaged = new Map<string, RejectionCode>();
  existing = new Set<string>();
  exposesEtags = true;
  private lastId = 0;

  readonly api: Client = (async (name: string, input: { params?: Record<string, number>; body?: unknown }) => {
    this.log.push(name);
    const failure = this.fail(name);
    if (failure) throw failure;
    const id = input.params?.upload_id ?? 0;
    if (name === 'uploads.create') return this.create(input.body as never);
    const session = this.sessions.get(id);
    if (!session) throw new ApiError(404, 'not_found', 'no such upload');
    return name === 'uploads.get' ? this.view(id) : this.complete(id, input.body as never);
  }) as unknown as Client;

  put: PutBlob = async ({ url, body, signal, onProgress }) => {
    const { pathname, searchParams } = new URL(url);
    const path = decodeURIComponent(pathname.slice(1));
    const request = `put ${path}#${searchParams.get('part')}`;
    this.log.push(request);
    await Promise.resolve();
    signal.throwIfAborted();
    onProgress(Math.floor(body.size / 2));
    const failure = this.fail(request);
    if (failure) throw failure;
    await body.slice(0, 1).arrayBuffer();
    signal.throwIfAborted();
    const file = this.sessions.get(Number(searchParams.get('session')))?.files.find((one) => one.path === path);
    if (!file) throw new TransferError(404);
    file.stored.set(Number(searchParams.get('part')), body);
    return { etag: this.exposesEtags ? `"${path}-${searchParams.get('part')}"` : null };
  };

  /** Of the file in the session that came last. */
  storedBytes(path: string): number {
    const file = [...this.sessions.values()].at(-1)?.files.find((one) => one.path === path);
    return [...(file?.stored.values() ?? [])].reduce((sum, blob) => sum + blob.size, 0);
  }

  puts(path: string): number {
    return this.log.filter((request) => request.startsWith(`put ${path}#`)).length;
  }

  private create(body: {
    files: { path: string; size: number; content_type: string }[];
    on_duplicate: string;
  }): Upload {
    const id = ++this.lastId;
    this.sessions.set(id, {
      on_duplicate: body.on_duplicate,
      files: body.files.map((file) => ({
        ...file,
        path: file.path.normalize('NFC'),
        status: this.existing.has(file.path) && body.on_duplicate === 'skip' ? 'skipped' : 'pending',
        stored: new Map(),
      })),
    });
    return this.view(id);
  }

  private view(id: number): Upload {
    const session = this.sessions.get(id);
    return {
      id,
      dataset_id: 1,
      on_duplicate: 'skip',
      purpose: 'images',
      created_at: '',
      expires_at: '',
      files: (session?.files ?? []).map(({ stored: _stored, ...file }) => {
        if (file.status !== 'pending') return file;
        const url = (part: number) => `http://storage.test/${encodeURIComponent(file.path)}?session=${id}&part=${part}`;
        if (file.size <= PART_BYTES) return { ...file, put_url: url(0) };
        const count = Math.ceil(file.size / PART_BYTES);
        const parts = Array.from({ length: count }, (_, index) => ({
          number: index + 1,
          url: url(index + 1),
          offset: index * PART_BYTES,
          size: Math.min(PART_BYTES, file.size - index * PART_BYTES),
        }));
        return { ...file, parts };
      }),
    };
  }

  private complete(id: number, body: { paths: string[]; etags: Record<string, { number: number; etag: string }[]> }) {
    const rejected: { name: string; code: RejectionCode; message: string }[] = [];
    const items: { path: string }[] = [];
    for (const path of body.paths) {
      const file = this.sessions.get(id)?.files.find((one) => one.path === path);
      if (!file) continue;
      const sent = [...file.stored.values()].reduce((sum, blob) => sum + blob.size, 0);
      const joined = file.size <= PART_BYTES || body.etags[path]?.length === Math.ceil(file.size / PART_BYTES);
      const code = sent !== file.size || !joined ? 'not_uploaded' : this.damaged.get(path);
      if (code) {
        rejected.push({ name: path, code, message: '' });
        if (code !== 'not_uploaded' && code !== 'hash_mismatch') file.status = 'rejected';
        continue;
      }
      if (file.status !== 'completed') this.images.push(path);
      file.status = 'completed';
      items.push({ path });
    }
    return { items, skipped: [], rejected };
  }
}
