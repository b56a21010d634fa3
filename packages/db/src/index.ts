export { createDataSource, type DatabaseSchema, MIGRATIONS_TABLE } from './connection/data-source.js';
export type * from './connection/database-options.js';
export { createClient, createPool } from './connection/plain-connections.js';
export type { Connection, Sql } from './connection/sql.js';
export * from './labeler-db.js';
export * from './migrations/restricted-role.js';
export * from './migrations/run-migrations.js';
export type * from './repositories/annotation/annotation-operation.js';
export type * from './repositories/annotation/annotation-repository.js';
export type * from './repositories/annotation/history-repository.js';
export { lockedBy } from './repositories/annotation/lock-image.js';
export { MAX_OPERATIONS } from './repositories/annotation/apply-operations.js';
export { type ExportForecast, MOST_FORECAST } from './repositories/annotation/export-forecast.js';
export type {
  ExportAnnotation,
  ExportDetail,
  ExportFilter,
  ExportImage,
  ExportSnapshot,
} from './repositories/annotation/export-snapshot.js';
export type * from './repositories/audit-repository.js';
export type * from './repositories/comment/comment-repository.js';
export type * from './repositories/comment/notification-repository.js';
export type * from './repositories/ended-session-repository.js';
export type * from './repositories/idempotency-repository.js';
export type * from './repositories/deletion/deleted-image-repository.js';
export type * from './repositories/deletion/deleted-image-row.js';
export type { PlacePictures, RestoreImagesScope } from './repositories/deletion/restore-images.js';
export type { ImageFilter, ImageSort, ImageWalk, ProjectHead } from './repositories/image/image-list-sql.js';
export type * from './repositories/image/image-repository.js';
export type * from './repositories/image/image-row.js';
export type * from './repositories/live/lock-repository.js';
export type * from './repositories/live/presence-repository.js';
export type * from './repositories/live/watcher-repository.js';
export type * from './repositories/maintenance-repository.js';
export type { Page, PageRequest } from './repositories/paging.js';
export type * from './repositories/people/account-repository.js';
export type * from './repositories/people/invitation-repository.js';
export type * from './repositories/people/user-directory.js';
export type * from './repositories/project/class-repository.js';
export type * from './repositories/project/dataset-repository.js';
export type * from './repositories/project/member-repository.js';
export type * from './repositories/project/project-repository.js';
export type * from './repositories/rate-limit-repository.js';
export type * from './repositories/service-token-repository.js';
export type * from './repositories/transfer/export-repository.js';
export type * from './repositories/transfer/bulk-session.js';
export type * from './repositories/transfer/import-findings-repository.js';
export type * from './repositories/transfer/import-repository.js';
export type * from './repositories/transfer/import-target-repository.js';
export {
  applyStaged,
  stagedLine,
  STAGED_TABLE,
  type StagedAnnotation,
} from './repositories/transfer/staged-annotations.js';
export { undoImport, undoPreview, type UndoPreview } from './repositories/transfer/undo-import.js';
export type * from './repositories/transfer/upload-repository.js';
export type { ReviewQueueQuery, WaitingImage } from './repositories/review/review-queue.js';
export type {
  ReviewedAnnotation,
  ReviewedImage,
  ReviewOutcome,
  ReviewProblem,
  ReviewScope,
} from './repositories/review/review-scope.js';
export type * from './repositories/task/dissolved-task-repository.js';
export type { Place } from './repositories/task/images-in-steps.js';
export { IMAGES_PER_STEP } from './repositories/task/images-in-steps.js';
export type * from './repositories/task/split-repository.js';
export type * from './repositories/task/task-repository.js';
export type * from './repositories/task/task-row.js';
export type * from './repositories/time-travel/apply-restore.js';
export type * from './repositories/time-travel/past-image.js';
export type * from './repositories/time-travel/restore-plan.js';
export type * from './repositories/time-travel/time-travel-repository.js';
export type { DiffCounts, DiffImage, DiffSide, DiffSummary } from './repositories/version/version-diff.js';
export { exportedAnnotation } from './repositories/version/version-export.js';
export type { VersionRepository } from './repositories/version/version-repository.js';
export type {
  FrozenClass,
  VersionImageRow,
  VersionManifest,
  VersionOptions,
  VersionRow,
} from './repositories/version/version-row.js';
export { PASSING_TABLES } from './passing-tables.js';
export { LABELER_SCHEMA, USER_SCHEMA } from './schemas.js';
export * from './user-db.js';
