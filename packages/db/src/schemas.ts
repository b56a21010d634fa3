import type { DatabaseSchema } from './connection/data-source.js';
import { AnnotationHistory, AnnotationRow, LabelClass } from './entities/annotation.js';
import { AuditLog } from './entities/audit.js';
import { AnnotationProject, Dataset, ProjectPermission } from './entities/dataset.js';
import { DeletedImageEntity, KeptPictureEntity } from './entities/deleted-image.js';
import { ImageMetadata, ImageStatusRow, ProjectStatusCount } from './entities/image.js';
import { ImageLockRow, ProjectPresence } from './entities/live.js';
import { MaintenanceRow } from './entities/maintenance.js';
import { Invitation, Organization, User } from './entities/people.js';
import { EndedSession, IdempotencyKeyRow, RateLimit } from './entities/request-guard.js';
import { AnnotationTaskRow, CommentRow, DissolvedTask, NotificationRow, TaskSplit } from './entities/teamwork.js';
import { ServiceToken } from './entities/service-token.js';
import {
  Import,
  ImportIssueRow,
  ImportPictureRow,
  ImportRange,
  ImportReplaced,
  ImportSplit,
} from './entities/import.js';
import { AnnotationVersion, Restore, VersionImage } from './entities/time-travel.js';
import { Export, Upload, UploadFile } from './entities/transfer.js';
import { LABELER_MIGRATIONS, USER_MIGRATIONS } from './migrations/migration-lists.js';

/** Everything Labelyard keeps, except people. */
export const LABELER_SCHEMA: DatabaseSchema = {
  entities: [
    Dataset,
    AnnotationProject,
    ProjectPermission,
    ImageMetadata,
    ImageStatusRow,
    ProjectStatusCount,
    LabelClass,
    AnnotationRow,
    AnnotationHistory,
    Upload,
    UploadFile,
    Export,
    Import,
    ImportIssueRow,
    ImportPictureRow,
    ImportRange,
    ImportReplaced,
    ImportSplit,
    IdempotencyKeyRow,
    RateLimit,
    EndedSession,
    AuditLog,
    AnnotationTaskRow,
    TaskSplit,
    DissolvedTask,
    CommentRow,
    NotificationRow,
    ServiceToken,
    ImageLockRow,
    ProjectPresence,
    Restore,
    AnnotationVersion,
    VersionImage,
    DeletedImageEntity,
    KeptPictureEntity,
    MaintenanceRow,
  ],
  migrations: LABELER_MIGRATIONS,
};

/** The Platform's tables, as Labelyard makes them in standalone use. */
export const USER_SCHEMA: DatabaseSchema = { entities: [Organization, User, Invitation], migrations: USER_MIGRATIONS };
