export * from './driver.js';
export * from './errors.js';
export * from './keys.js';
export { contentDisposition } from './download-name.js';
export { compareBytewise } from './bytewise.js';
export {
  createStorage,
  type BucketNames,
  type DiskStorageOptions,
  type S3StorageOptions,
  type Storage,
  type StorageOptions,
} from './storage.js';
export type { DiskObjectAnswer, DiskObjectRequest, DiskObjectServer } from './disk/object-server.js';
export {
  DISK_URL_PATH,
  diskSigningKey,
  verifyDiskUrl,
  type DiskUrlRefusal,
  type DiskUrlRequest,
  type DiskUrlVerdict,
} from './disk/urls.js';
export { createPresigner, type Presign, type PresignerOptions, type PresignRequest } from './s3/sigv4.js';
