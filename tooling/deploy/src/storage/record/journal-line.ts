import type { CopiedObject, Direction } from './copied-object.js';

/** An upload in parts that was begun: what one needs to go on with it, without asking the server which parts it has. */
export interface BegunUpload {
  readonly key: string;
  readonly direction: Direction;
  readonly upload_id: string;
  readonly part_size: number;
  /** Of the object whose parts were sent; another one begins anew. */
  readonly source_etag: string;
}

/** Line of the journal. */
export type JournalLine =
  | ({ readonly event: 'copied' } & CopiedObject)
  /** Taken away on the side it had been copied to, or given up as no longer ours. */
  | { readonly event: 'forgotten'; readonly key: string }
  | ({ readonly event: 'upload' } & BegunUpload)
  | {
      readonly event: 'part';
      readonly key: string;
      readonly upload_id: string;
      readonly part: number;
      readonly etag: string;
    }
  | { readonly event: 'upload ended'; readonly key: string; readonly upload_id: string };
