import { Readable } from 'node:stream';
import { MAX_EXPIRES_IN, MAX_PARTS, type ByteRange, type MultipartUpload, type StorageDriver } from './driver.js';
import { assertKey, assertKeyPrefix } from './keys.js';

/**
 * The one place where arguments are checked, for every driver: keys by `assertKey`, and numbers that servers would
 * treat each in its own way. Wrong numbers are programming errors and throw `RangeError`.
 */
export function checkedDriver(driver: StorageDriver): StorageDriver {
  return {
    bucket: driver.bucket,
    put: async (key, body, options) => {
      try {
        assertKey(key);
        assertContentType(options.content_type);
        return await driver.put(key, body, options);
      } catch (error) {
        // Whether or not somebody began to read it.
        if (body instanceof Readable) body.destroy();
        throw error;
      }
    },
    get: async (key, options) => {
      assertKey(key);
      if (options?.range) assertRange(options.range);
      return driver.get(key, options);
    },
    head: async (key, options) => {
      assertKey(key);
      return driver.head(key, options);
    },
    delete: async (key) => {
      assertKey(key);
      return driver.delete(key);
    },
    deleteMany: async (keys) => driver.deleteMany(checkedKeys(keys)),
    copy: async (from, to, options) => {
      assertKey(from);
      assertKey(to);
      if (options?.metadata) assertContentType(options.metadata.content_type);
      return driver.copy(from, to, options);
    },
    list: (prefix, options) => {
      assertKeyPrefix(prefix);
      if (options?.start_after !== undefined) assertKeyPrefix(options.start_after);
      return driver.list(prefix, options);
    },
    signGet: (key, options) => {
      assertKey(key);
      assertExpiresIn(options.expires_in);
      if (options.content_type !== undefined) assertContentType(options.content_type);
      return driver.signGet(key, options);
    },
    signPut: (key, options) => {
      assertKey(key);
      assertExpiresIn(options.expires_in);
      assertContentType(options.content_type);
      assertSize(options.size);
      return driver.signPut(key, options);
    },
    multipart: async (key, options) => {
      assertKey(key);
      assertContentType(options.content_type);
      return checkedUpload(await driver.multipart(key, options));
    },
    resumeMultipart: (key, upload_id) => {
      assertKey(key);
      if (upload_id === '') throw new RangeError('upload_id must not be empty.');
      return checkedUpload(driver.resumeMultipart(key, upload_id));
    },
    ping: (options) => driver.ping(options),
  };
}

function checkedUpload(upload: MultipartUpload): MultipartUpload {
  return {
    key: upload.key,
    upload_id: upload.upload_id,
    signPart: (part_number, options) => {
      assertPartNumber(part_number);
      assertExpiresIn(options.expires_in);
      assertSize(options.size);
      return upload.signPart(part_number, options);
    },
    putPart: async (part_number, bytes, options) => {
      assertPartNumber(part_number);
      return upload.putPart(part_number, bytes, options);
    },
    complete: async (parts) => {
      const numbers = new Set(parts.map(({ part_number }) => part_number));
      if (numbers.size === 0 || numbers.size !== parts.length) {
        throw new RangeError('An upload is completed with at least one part, and each part once.');
      }
      numbers.forEach(assertPartNumber);
      return upload.complete(parts.toSorted((a, b) => a.part_number - b.part_number));
    },
    abort: () => upload.abort(),
  };
}

async function* checkedKeys(keys: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string> {
  for await (const key of keys) {
    assertKey(key);
    yield key;
  }
}

function assertRange({ start, end }: ByteRange): void {
  const ordered = end === undefined || (Number.isSafeInteger(end) && end >= start);
  if (Number.isSafeInteger(start) && start >= 0 && ordered) return;
  throw new RangeError(`A byte range needs whole numbers 0 ≤ start ≤ end, not ${start}–${end ?? ''}.`);
}

function assertExpiresIn(expires_in: number): void {
  if (Number.isInteger(expires_in) && expires_in >= 1 && expires_in <= MAX_EXPIRES_IN) return;
  throw new RangeError(`expires_in must be a whole number of seconds from 1 to ${MAX_EXPIRES_IN}, not ${expires_in}.`);
}

function assertSize(size: number | undefined): void {
  if (size === undefined || (Number.isSafeInteger(size) && size >= 0)) return;
  throw new RangeError(`A size must be a whole number of bytes, not ${size}.`);
}

function assertPartNumber(part_number: number): void {
  if (Number.isInteger(part_number) && part_number >= 1 && part_number <= MAX_PARTS) return;
  throw new RangeError(`part_number must be a whole number from 1 to ${MAX_PARTS}, not ${part_number}.`);
}

/** A header value: printable ASCII that no server trims or folds. */
function assertContentType(content_type: string): void {
  if (/^[!-~]+(?: [!-~]+)*$/.test(content_type) && content_type.length <= 255) return;
  throw new RangeError(`Not a content type: ${JSON.stringify(content_type.slice(0, 80))}.`);
}
