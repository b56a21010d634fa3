import type { UploadAnswer } from '@labelyard/contract';
import type { LabelerDb } from '@labelyard/db';

/**
 * One entry per request in the audit log and the feed, not one per file: each image's own row says who brought it and when,
 * and an overwritten one has its own entry.
 */
export async function recordUpload(
  { audit }: Pick<LabelerDb, 'audit'>,
  { project_id, user_id, upload_id }: { project_id: number; user_id: string; upload_id?: number },
  { items, skipped, rejected }: Omit<UploadAnswer, 'error'>,
): Promise<void> {
  const count = items.length - skipped.length;
  if (count === 0) return;
  await audit.record({
    project_id,
    actor_id: user_id,
    action: 'image.upload',
    ...(upload_id !== undefined && { subject_type: 'upload', subject_id: upload_id }),
    details: { count, skipped: skipped.length, rejected: rejected.length },
  });
}
