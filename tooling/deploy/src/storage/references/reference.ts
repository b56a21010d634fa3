/** An object that the Labeler DB speaks of. */
export interface Reference {
  readonly key: string;
  readonly kind: 'image' | 'thumbnail' | 'kept' | 'upload' | 'export' | 'version';
  /** Dataset, or project for what lies in the annotations bucket. */
  readonly owner: number;
  /** The product cannot do without it; else it may be there or not (a thumbnail not made yet, an upload under way). */
  readonly required: boolean;
  readonly size: number | null;
  /** Of its bytes, where the product wrote it down. */
  readonly sha256: string | null;
  readonly content_type: string | null;
}
