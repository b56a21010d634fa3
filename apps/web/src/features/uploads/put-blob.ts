import { TransferError } from './retry';

export interface PutRequest {
  readonly url: string;
  readonly body: Blob;
  /** Signed into the link; parts have none. */
  readonly content_type?: string;
  readonly signal: AbortSignal;
  readonly onProgress: (sentBytes: number) => void;
}

/** Sends bytes to the storage and answers the ETag it gave them, if this browser may read it. */
export type PutBlob = (request: PutRequest) => Promise<{ etag: string | null }>;

/** Longest silence before a transfer counts as lost. A slow line still makes progress; a dead one does not. */
const SILENCE_MS = 60_000;

/**
 * A PUT by XMLHttpRequest: `fetch` still cannot say how far an upload is.
 *
 * @param create stands in for XMLHttpRequest in tests
 */
export function xhrPut(create: () => XMLHttpRequest = () => new XMLHttpRequest()): PutBlob {
  return ({ url, body, content_type, signal, onProgress }) =>
    new Promise((resolve, reject) => {
      const request = create();
      let silence: ReturnType<typeof setTimeout>;
      const alive = () => {
        clearTimeout(silence);
        silence = setTimeout(() => request.abort(), SILENCE_MS);
      };
      const end = () => {
        clearTimeout(silence);
        signal.removeEventListener('abort', stop);
      };
      const stop = () => request.abort();
      request.open('PUT', url);
      if (content_type) request.setRequestHeader('content-type', content_type);
      request.upload.onprogress = (event) => {
        alive();
        onProgress(event.loaded);
      };
      request.onload = () => {
        end();
        if (request.status < 200 || request.status >= 300) {
          const wait = Number(request.getResponseHeader('retry-after'));
          return reject(new TransferError(request.status, Number.isFinite(wait) && wait > 0 ? wait : undefined));
        }
        onProgress(body.size);
        resolve({ etag: request.getResponseHeader('etag') });
      };
      request.onerror = () => {
        end();
        reject(new TransferError(0));
      };
      const aborted = () => {
        end();
        reject(signal.aborted ? (signal.reason as Error) : new TransferError(0));
      };
      request.onabort = aborted;
      // Aborting a request that was not sent yet fires no event.
      if (signal.aborted) return aborted();
      signal.addEventListener('abort', stop);
      alive();
      request.send(body);
    });
}
