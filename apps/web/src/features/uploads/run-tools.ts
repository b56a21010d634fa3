import type { Client } from '@labelyard/contract';
import type { PutBlob } from './put-blob';
import type { TransferSlots } from './transfer-slots';
import type { StoredRun, UploadStore } from './upload-store';

/** Everything outside that an upload uses; tests bring their own. */
export interface RunTools {
  readonly api: Client;
  readonly put: PutBlob;
  readonly slots: TransferSlots;
  /** Null where the browser keeps nothing: the upload works, but does not survive a reload. */
  readonly store: UploadStore | null;
  readonly now: () => number;
  readonly random: () => number;
  /** Resolves after `ms`, or earlier when the connection comes back or maintenance ends; rejects when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly onChange: () => void;
  /** Called after images were made. */
  readonly onImages: (run: StoredRun) => void;
}
