export type StorageErrorCode =
  | 'object_not_found'
  | 'object_changed'
  | 'range_not_satisfiable'
  | 'upload_not_found'
  | 'invalid_part'
  | 'invalid_key'
  | 'size_mismatch'
  | 'storage_unavailable'
  | 'storage_refused'
  | 'storage_damaged';

/** Base of everything the drivers throw on purpose. `message` and `details` never hold credentials or signed URLs. */
export abstract class StorageError extends Error {
  abstract readonly code: StorageErrorCode;

  constructor(
    message: string,
    readonly details: Readonly<Record<string, string | number>> = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** No object under this key. */
export class ObjectNotFound extends StorageError {
  readonly code = 'object_not_found';
}

/** Somebody replaced the object after it was looked at: its etag is another one. */
export class ObjectChanged extends StorageError {
  readonly code = 'object_changed';
}

/** The range starts beyond the object's last byte. */
export class RangeNotSatisfiable extends StorageError {
  readonly code = 'range_not_satisfiable';
}

/** The multipart upload was completed, aborted, forgotten after seven days, or never existed. */
export class UploadNotFound extends StorageError {
  readonly code = 'upload_not_found';
}

/** A part is missing, has another etag, is too small, or the parts are of unequal size. */
export class InvalidPart extends StorageError {
  readonly code = 'invalid_part';
}

/** The key breaks a rule of `assertKey`; a programming error or hostile input. */
export class InvalidKey extends StorageError {
  readonly code = 'invalid_key';
}

/** The body was longer or shorter than announced; nothing was stored. */
export class SizeMismatch extends StorageError {
  readonly code = 'size_mismatch';
}

/** The storage does not answer, answers 5xx, or the disk is full or not writable. Trying again later may work. */
export class StorageUnavailable extends StorageError {
  readonly code = 'storage_unavailable';
}

/** The storage answers and says no: wrong credentials, no such bucket, not allowed. Someone must change a setting. */
export class StorageRefused extends StorageError {
  readonly code = 'storage_refused';
}

/** The server keeps no object under this key, which others keep: too long for it, or in the way of another object. */
export class KeyRefused extends StorageRefused {}

/** A stored file is not what this driver wrote. Someone must look at the disk. */
export class StorageDamaged extends StorageError {
  readonly code = 'storage_damaged';
}
