import { ApiError, type OnDuplicate, type RejectionCode, type Upload } from '@labelyard/contract';
import type { ItemList } from './item-list';
import type { Patience } from './patience';
import type { RunTools } from './run-tools';
import { isFinal, needsBytes, type UploadItem } from './upload-item';

/** Times a file is sent again because its bytes did not arrive whole, or the server has forgotten it. */
const MAX_RESENT = 3;
const SEND_AGAIN: readonly RejectionCode[] = ['not_uploaded', 'size_mismatch', 'hash_mismatch'];

/** Where a file's bytes go: one PUT, or one for each part. */
export type Target = Pick<Upload['files'][number], 'put_url' | 'parts' | 'content_type'>;

/** The talk with the API about files: announcing them, fresh links, having them made into images. */
export class UploadSessions {
  /** Links live for hours and are not kept on disk; they are asked for again when they are missing. */
  private readonly targets = new Map<number, Target>();
  private readonly renewals = new Map<number, Promise<void>>();

  constructor(
    private readonly items: ItemList,
    private readonly tools: Pick<RunTools, 'api'>,
    private readonly patience: Patience,
  ) {}

  async announce(
    batch: readonly UploadItem[],
    { dataset_id, on_duplicate }: { dataset_id: number; on_duplicate: OnDuplicate },
    signal: AbortSignal,
  ): Promise<void> {
    const files = batch.map(({ path, size, type }) => ({ path, size, content_type: type }));
    const request = { params: { dataset_id }, body: { files, on_duplicate } };
    const upload = await this.patience.ask(() => this.tools.api('uploads.create', request, { signal }), signal);
    // Answered in the order asked; the server may spell a path in another way.
    batch.forEach(({ n }, index) => {
      const file = upload.files[index];
      if (!file) return;
      this.items.update(n, { upload_id: upload.id, server_path: file.path });
      this.settle(n, file);
    });
  }

  /** Where to send a file; undefined when it needs no sending any more or must be announced again first. */
  async target(n: number, signal: AbortSignal): Promise<Target | undefined> {
    const { upload_id } = this.items.get(n);
    if (upload_id === null) {
      this.targets.delete(n);
      return undefined;
    }
    if (this.targets.has(n)) return this.targets.get(n);
    // Many files of a session ask at the same moment; one request answers for all.
    const renewal = this.renewals.get(upload_id) ?? this.renew(upload_id, signal);
    this.renewals.set(upload_id, renewal);
    await renewal.finally(() => this.renewals.delete(upload_id));
    const target = this.targets.get(n);
    if (!target && this.items.get(n).state === 'announced') this.startOver(n);
    return target;
  }

  /** The link was refused. */
  dropTarget(n: number): void {
    this.targets.delete(n);
  }

  /** Has arrived files checked and made into images. @returns how many became images */
  async complete(batch: readonly UploadItem[], signal: AbortSignal): Promise<number> {
    const upload_id = batch[0]?.upload_id;
    if (upload_id == null) return 0;
    const etags = Object.fromEntries(
      batch.flatMap(({ server_path, parts }) => (parts.length > 0 ? [[server_path, [...parts]]] : [])),
    );
    const request = { params: { upload_id }, body: { paths: batch.map(({ server_path }) => server_path), etags } };
    try {
      const answer = await this.patience.ask(() => this.tools.api('uploads.complete', request, { signal }), signal);
      const refused = new Map(answer.rejected.map(({ name, code }) => [name, code]));
      const skipped = new Set(answer.skipped);
      for (const { n, server_path, resent } of batch) {
        const code = refused.get(server_path);
        this.targets.delete(n);
        if (code && SEND_AGAIN.includes(code) && resent < MAX_RESENT)
          this.items.update(n, { state: 'announced', parts: [], resent: resent + 1 });
        else if (code) this.items.update(n, { state: 'rejected', code });
        else this.items.update(n, { state: skipped.has(server_path) ? 'skipped' : 'done', code: null });
      }
      return answer.items.length;
    } catch (error) {
      if (!isGone(error)) throw error;
      this.forget(upload_id);
      return 0;
    }
  }

  /** Announces a file anew, unless that has been tried too often. */
  startOver(n: number): void {
    this.targets.delete(n);
    const { resent } = this.items.get(n);
    if (resent >= MAX_RESENT) this.items.update(n, { state: 'failed', code: 'transfer_failed' });
    else this.items.update(n, { state: 'waiting', upload_id: null, parts: [], resent: resent + 1 });
  }

  private async renew(upload_id: number, signal: AbortSignal): Promise<void> {
    const request = { params: { upload_id } };
    try {
      const upload = await this.patience.ask(() => this.tools.api('uploads.get', request, { signal }), signal);
      const byPath = new Map(upload.files.map((file) => [file.path, file]));
      for (const item of this.items.all) {
        const file = item.upload_id === upload_id && needsBytes(item) ? byPath.get(item.server_path) : undefined;
        if (file) this.settle(item.n, file);
      }
    } catch (error) {
      if (!isGone(error)) throw error;
      this.forget(upload_id);
    }
  }

  private settle(n: number, file: Upload['files'][number]): void {
    if (file.status === 'rejected') this.items.update(n, { state: 'rejected', code: file.code ?? 'not_uploaded' });
    else if (file.status === 'skipped') this.items.update(n, { state: 'skipped', code: null });
    else if (file.status === 'completed') this.items.update(n, { state: 'done', code: null });
    else {
      if (file.put_url ?? file.parts) this.targets.set(n, file);
      this.items.update(n, { state: 'announced' });
    }
  }

  /** The session has run out, or the dataset is gone: announcing again tells which. */
  private forget(upload_id: number): void {
    for (const item of this.items.all) if (item.upload_id === upload_id && !isFinal(item)) this.startOver(item.n);
  }
}

function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
