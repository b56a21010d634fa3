/** How long a deleted image can be brought back; its picture is kept as long. */
export const DELETED_IMAGE_DAYS = 30;

/** What becomes of images somebody else is working on: nothing is deleted, all but they are, or they are too. */
export const HELD_IMAGES = ['refuse', 'leave', 'delete'] as const;
export type HeldImages = (typeof HELD_IMAGES)[number];

/** Why a label of a deleted image cannot come back with it. */
export const LOST_LABEL_REASONS = ['class_gone', 'task_type_gone'] as const;
export type LostLabelReason = (typeof LOST_LABEL_REASONS)[number];
