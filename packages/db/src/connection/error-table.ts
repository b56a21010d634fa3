import type { ErrorCode } from '@labelyard/domain';

interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
}

/** What breaking one of our named constraints means to the person who made the request. */
export const CONSTRAINTS: Readonly<Record<string, Meaning>> = {
  uq_image_metadata_path: { code: 'duplicate', message: 'The dataset already has an image with this path' },
  uq_classes_name: { code: 'duplicate', message: 'The task type already has a class with this name' },
  uq_users_email: { code: 'duplicate', message: 'Somebody already has this e-mail address' },
  uq_organizations_name: { code: 'duplicate', message: 'An organization already has this name' },
  uq_invitations_token: { code: 'duplicate', message: 'The invitation token is taken' },
  uq_invitations_pending: { code: 'duplicate', message: 'This person has a pending invitation to the project' },
  uq_annotation_projects_dataset_id: { code: 'duplicate', message: 'The dataset already has its project' },
  pk_project_permissions: { code: 'duplicate', message: 'The person is a member already' },
  pk_idempotency_keys: { code: 'idempotency_conflict', message: 'The Idempotency-Key was used before' },
  uq_annotation_history_op_id: { code: 'idempotency_conflict', message: 'The op_id was used before' },
  fk_annotations_image_id: { code: 'not_found', message: 'The image does not exist any more' },
  fk_image_locks_image_id: { code: 'not_found', message: 'The image does not exist any more' },
  fk_annotations_class_id: { code: 'not_found', message: 'The class does not exist any more' },
  fk_image_metadata_dataset_id: { code: 'not_found', message: 'The dataset does not exist any more' },
  fk_classes_project_id: { code: 'not_found', message: 'The project does not exist any more' },
  fk_exports_project_id: { code: 'not_found', message: 'The project does not exist any more' },
  fk_uploads_dataset_id: { code: 'not_found', message: 'The dataset does not exist any more' },
  fk_annotation_tasks_project_id: { code: 'not_found', message: 'The project does not exist any more' },
  fk_task_splits_project_id: { code: 'not_found', message: 'The project does not exist any more' },
  fk_dissolved_tasks_project_id: { code: 'not_found', message: 'The project does not exist any more' },
  uq_task_splits_under_way: {
    code: 'in_use',
    message: 'Images of this kind are being put into tasks: wait until that is done, or stop it',
  },
  fk_deleted_images_project_id: { code: 'not_found', message: 'The project does not exist any more' },
  fk_kept_pictures_dataset_id: { code: 'not_found', message: 'The dataset does not exist any more' },
  fk_comments_image_id: { code: 'not_found', message: 'The image does not exist any more' },
  fk_comments_parent_id: { code: 'not_found', message: 'The comment does not exist any more' },
  ck_annotations_project: {
    code: 'validation_failed',
    message: 'The image is not in the project, or the project does not label for this task type',
  },
  ck_annotation_projects_task_types: { code: 'validation_failed', message: 'The task types are not known ones' },
  ck_annotation_projects_task_type_in_use: {
    code: 'in_use',
    message: 'A task type that has annotations cannot be taken away',
  },
};

/** What a SQLSTATE means when no constraint of ours says more. Looked up whole, then by class (first two characters). */
export const STATES: Readonly<Record<string, Meaning>> = {
  '23505': { code: 'duplicate', message: 'It exists already' },
  '23503': { code: 'not_found', message: 'Something it refers to does not exist any more' },
  '23001': { code: 'in_use', message: 'Something still refers to it' },
  '23514': { code: 'validation_failed', message: 'A value is outside what is allowed' },
  '23502': { code: 'validation_failed', message: 'A value is missing' },
  // NUL in text or jsonb: valid in JSON, impossible in Postgres.
  '22021': { code: 'validation_failed', message: 'A text contains a character that cannot be stored (NUL)' },
  '22P05': { code: 'validation_failed', message: 'A text contains a character that cannot be stored (NUL)' },
  '22P02': { code: 'validation_failed', message: 'A value cannot be read as what it should be' },
  '22007': { code: 'validation_failed', message: 'A time cannot be read as one' },
  '22008': { code: 'validation_failed', message: 'A time is outside what can be stored' },
  '22009': { code: 'validation_failed', message: 'A time zone is outside what there is' },
  '22003': { code: 'validation_failed', message: 'A number is outside what can be stored' },
  '40001': { code: 'database_unavailable', message: 'Too many changes at once; try again' },
  '40P01': { code: 'database_unavailable', message: 'Too many changes at once; try again' },
  '55P03': { code: 'database_unavailable', message: 'Somebody else is changing this; try again' },
  '57014': { code: 'database_unavailable', message: 'The database took too long' },
  '57P01': { code: 'database_unavailable', message: 'The database is restarting' },
  '57P02': { code: 'database_unavailable', message: 'The database is restarting' },
  '57P03': { code: 'database_unavailable', message: 'The database is starting or stopping' },
  '57P05': { code: 'database_unavailable', message: 'The database closed an idle connection' },
  '25P03': { code: 'database_unavailable', message: 'The transaction was idle for too long' },
  // Raised by the triggers that hold a database still while it is moved.
  LY503: { code: 'maintenance', message: 'The installation is in maintenance: nothing can be changed for now' },
  '25006': { code: 'database_unavailable', message: 'The database is read-only' },
  '28': { code: 'database_unavailable', message: 'The database refuses the login' },
  '3D000': { code: 'database_unavailable', message: 'The database does not exist' },
  '08': { code: 'database_unavailable', message: 'The connection to the database broke' },
  '53': { code: 'database_unavailable', message: 'The database is out of connections, memory or disk' },
};

/** Failures of the network or the driver, by `code` or by text (the driver has no codes for its own). */
export const NETWORK_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ENOENT',
]);

/** Certificates we do not accept. */
export const CERTIFICATE_CODES: ReadonlySet<string> = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_TLS_CERT_PIN_MISMATCH',
]);
export const DRIVER_MESSAGES =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|does not support SSL|Cannot use a pool after calling end/u;
