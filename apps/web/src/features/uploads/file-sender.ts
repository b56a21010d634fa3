import { ArchiveError } from './archives/archive-problem';
import { isReadable } from './is-readable';
import type { ItemList } from './item-list';
import type { Patience } from './patience';
import { MAX_RETRIES, remedyFor, TransferError } from './retry';
import type { RunTools } from './run-tools';
import type { UploadItem } from './upload-item';
import type { Target, UploadSessions } from './upload-sessions';

/** Links refused in a row before a file is given up. */
const MAX_RENEWALS = 3;

/** Sends bytes to the storage, file by file, with as many tries as their failures deserve. */
export class FileSender {
  constructor(
    private readonly items: ItemList,
    private readonly sessions: UploadSessions,
    private readonly patience: Patience,
    private readonly tools: Pick<RunTools, 'put'>,
    private readonly onProgress: () => void,
    /** A part has arrived: worth writing down at once. */
    private readonly onPart: () => void,
  ) {}

  /** Brings one announced file to `sent`, `failed`, or back to be announced. Rejects with the API's lasting refusals only. */
  async send(n: number, signal: AbortSignal): Promise<void> {
    let bytes: Blob | undefined;
    for (let tries = 1, renewals = 0; !signal.aborted; tries++) {
      const before = this.items.get(n);
      // One that was changed and picked again meanwhile begins anew.
      const isStill = () => isSameVersion(before, this.items.get(n));
      try {
        const target = await this.sessions.target(n, signal);
        const file = this.items.fileOf(n);
        if (!target || !file) return;
        // Those of a file in an archive live for as long as it is being sent.
        bytes ??= file instanceof Blob ? file : await file.unpack(signal);
        signal.throwIfAborted();
        await this.transfer(n, bytes, target, signal, isStill);
        if (!isStill()) return;
        return this.items.update(n, { state: 'sent' });
      } catch (error) {
        this.items.setInFlight(n, 0);
        if (signal.aborted || !isStill()) return;
        if (error instanceof ArchiveError) return this.refuse(n, error.code);
        if (!(error instanceof TransferError)) throw error;
        if (error.status === 0 && !(await isReadable(bytes))) return this.refuse(n, 'file_unreadable');
        const remedy = remedyFor(error.status);
        if (remedy === 'renew' && renewals < MAX_RENEWALS) {
          renewals++;
          this.sessions.dropTarget(n);
        } else if (remedy === 'wait' || (remedy === 'retry' && tries < MAX_RETRIES)) {
          if (!(await this.patience.wait(tries, error.retry_after, signal))) return;
        } else if (error.status === 404) {
          return this.sessions.startOver(n);
        } else {
          return this.items.update(n, { state: 'failed', code: 'transfer_failed' });
        }
      }
    }
  }

  /** A file that cannot be read may be there again later; one that is damaged in its archive stays so. */
  private refuse(n: number, code: ArchiveError['code']): void {
    this.items.update(n, { state: code === 'file_unreadable' ? 'failed' : 'rejected', code });
  }

  private async transfer(
    n: number,
    file: Blob,
    target: Target,
    signal: AbortSignal,
    isStill: () => boolean,
  ): Promise<void> {
    const { put_url: url, parts = [], content_type } = target;
    if (url !== undefined) {
      await this.tools.put({ url, body: file, content_type, signal, onProgress: (bytes) => this.progress(n, bytes) });
      return;
    }
    for (const { number, url, offset, size } of parts) {
      const have = this.items.get(n).parts;
      if (have.some((part) => part.number === number)) continue;
      const before = parts.reduce(
        (sum, part) => sum + (have.some((one) => one.number === part.number) ? part.size : 0),
        0,
      );
      const onProgress = (bytes: number) => this.progress(n, before + bytes);
      const { etag } = await this.tools.put({ url, body: file.slice(offset, offset + size), signal, onProgress });
      if (!isStill()) return;
      // Without its ETag a part cannot be joined: the storage's CORS rules must expose that header.
      if (etag === null) throw new TransferError(400);
      this.items.update(n, { parts: [...have, { number, etag }] });
      this.onPart();
    }
  }

  private progress(n: number, bytes: number): void {
    this.items.setInFlight(n, bytes);
    this.onProgress();
  }
}

function isSameVersion(before: UploadItem, now: UploadItem): boolean {
  return before.size === now.size && before.modified === now.modified;
}
