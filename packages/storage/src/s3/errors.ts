import { isNativeError } from 'node:util/types';
import {
  InvalidPart,
  ObjectChanged,
  ObjectNotFound,
  RangeNotSatisfiable,
  StorageError,
  KeyRefused,
  StorageRefused,
  StorageUnavailable,
  UploadNotFound,
} from '../errors.js';

/** What the SDK and the sockets below it throw, as far as we look at it. */
interface Failure {
  name?: string;
  code?: unknown;
  message?: string;
  $metadata?: { httpStatusCode?: number };
  $response?: { statusCode?: number };
  /** Seconds the server wants to be left alone. */
  retry_after?: number;
}

/** S3's and R2's error codes that have a meaning of their own here. */
const BY_S3_CODE: Record<string, new (...args: ConstructorParameters<typeof ObjectNotFound>) => StorageError> = {
  NoSuchKey: ObjectNotFound,
  PreconditionFailed: ObjectChanged,
  NoSuchUpload: UploadNotFound,
  InvalidRange: RangeNotSatisfiable,
  InvalidPart: InvalidPart,
  InvalidPartOrder: InvalidPart,
  EntityTooSmall: InvalidPart,
};

/** Refusals of one key: by MinIO and versitygw, which keep objects in folders. */
const KEY_REFUSALS = [
  'KeyTooLongError',
  'XMinioInvalidObjectName',
  'XMinioObjectExistsAsDirectory',
  'ObjectParentIsFile',
  'ExistingObjectIsDirectory',
];

/** What to do about a refusal, by S3's error code or by status. */
const HINTS: Record<string, string> = {
  NoSuchBucket: 'There is no such bucket: create it, or correct its name.',
  RequestTimeTooSkewed: 'The clocks of this machine and of the server differ by over 15 minutes: set this one.',
  AuthorizationHeaderMalformed: 'Check the region: the server expects another one.',
  PermanentRedirect: 'The bucket lies in another region: correct the endpoint and the region.',
  401: 'Check the access key, the secret key and what they may do.',
  403: 'Check the access key, the secret key and what they may do.',
};

export interface S3Context {
  /** For people: no credentials in it. */
  endpoint: string;
  bucket: string;
  key?: string;
  /** The answer has no body (HEAD), so a 404 says no more than that. Elsewhere it must be S3 that says what is missing. */
  bodiless?: boolean;
}

/** Turns whatever went wrong into one of our errors. Errors that are not the storage's come back unchanged. */
export function translateS3Error(error: unknown, { endpoint, bucket, key, bodiless }: S3Context): unknown {
  if (error instanceof StorageError || !isNativeError(error)) return error;
  const failure: Failure = error;
  const details = { endpoint, bucket, ...(key !== undefined && { key }) };
  const where = `bucket "${bucket}" at ${endpoint}`;
  const name = failure.name ?? '';
  const status = failure.$response?.statusCode ?? failure.$metadata?.httpStatusCode;

  const Known = bodiless && status === 404 ? ObjectNotFound : BY_S3_CODE[name];
  if (Known) return new Known(`${name}: ${JSON.stringify(key ?? '')} in ${where}.`, details, { cause: error });
  if (status === undefined) {
    // The SDK's retries mark what they gave up on. Anything else without an answer is not the network's doing.
    if (failure.$metadata === undefined && typeof failure.code !== 'string' && name !== 'TimeoutError') return error;
    const reason = failure.message || String(failure.code);
    return new StorageUnavailable(`No answer from ${where}: ${reason}`, details, { cause: error });
  }
  const { retry_after } = failure;
  const answer = { ...details, status, s3_code: name, ...(retry_after && { retry_after }) };
  if (status >= 500 || status === 429 || status < 300) {
    return new StorageUnavailable(`The storage cannot serve now: ${status} ${name}, ${where}.`, answer, {
      cause: error,
    });
  }
  if (KEY_REFUSALS.includes(name))
    return new KeyRefused(`${name}: ${where} keeps no object named ${JSON.stringify(key ?? '')}.`, answer, {
      cause: error,
    });
  const hint = HINTS[name] ?? HINTS[status] ?? 'Check the endpoint: the server does not take this request.';
  return new StorageRefused(`The storage refused: ${status} ${name}, ${where}. ${hint}`, answer, { cause: error });
}
