/** Which way objects go between the two ends of a move. */
export type Direction = 'forward' | 'backward';

/** An object that was read whole on its way, and is on both sides since. Line of the manifest. */
export interface CopiedObject {
  readonly key: string;
  readonly size: number;
  /** Of the whole object, in hexadecimal. */
  readonly sha256: string;
  readonly content_type: string;
  /** Etags as each side tells them, whatever they mean there: another one means other bytes. */
  readonly from_etag: string;
  readonly to_etag: string;
}

/** The same seen from where one stands: what is read is the source, also on the way back. */
export interface CopiedView {
  readonly key: string;
  readonly size: number;
  readonly sha256: string;
  readonly content_type: string;
  readonly source_etag: string;
  readonly target_etag: string;
}

export function viewOf(copied: CopiedObject, direction: Direction): CopiedView {
  const { from_etag, to_etag, ...rest } = copied;
  return direction === 'forward'
    ? { ...rest, source_etag: from_etag, target_etag: to_etag }
    : { ...rest, source_etag: to_etag, target_etag: from_etag };
}

export function entryOf({ source_etag, target_etag, ...rest }: CopiedView, direction: Direction): CopiedObject {
  return direction === 'forward'
    ? { ...rest, from_etag: source_etag, to_etag: target_etag }
    : { ...rest, from_etag: target_etag, to_etag: source_etag };
}
