export * from './coco/check-coco.js';
export { COCO_ISSUE_CODES, type CocoIssue, type CocoIssueCode } from './coco/coco-issues.js';
export type { CocoFileName, CocoOptions } from './coco/coco-options.js';
export * from './coco/read-coco.js';
export * from './coco/write-coco.js';
export * from './codec.js';
export * from './reading/import-codec.js';
export { IMPORT_ISSUE_CODES, type ImportIssue, type ImportIssueCode } from './reading/import-issues.js';
export * from './writers.js';
