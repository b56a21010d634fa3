export * from './coco/check-coco.js';
export { COCO_ISSUE_CODES, type CocoIssue, type CocoIssueCode } from './coco/coco-issues.js';
export * from './coco/write-coco.js';
export * from './codec.js';
export * from './writers.js';
