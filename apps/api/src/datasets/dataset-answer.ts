import type { Dataset } from '@labelyard/contract';
import type { SeenDataset } from '@labelyard/db';
import { thumbnailKey, type StorageDriver } from '@labelyard/storage';
import type { People } from '../people/people.js';

/** Longer than a page of datasets stays open without being fetched again. */
const COVER_SECONDS = 3_600;

/** Datasets for the wire: owners by one look-up for all, covers signed. */
export async function toDatasets(
  rows: readonly SeenDataset[],
  people: People,
  bucket: StorageDriver,
): Promise<Dataset[]> {
  const owners = await people.summaries(rows.map((row) => row.owner_id));
  return rows.map((row) => {
    const { id, project_id, name, description, visibility, task_types, role, image_count, size_bytes, progress } = row;
    return {
      id,
      project_id,
      name,
      description,
      visibility,
      task_types,
      role,
      owner: owners.get(row.owner_id) ?? null,
      image_count,
      size_bytes,
      progress,
      cover_urls: row.covers.map(({ path }) => bucket.signGet(thumbnailKey(id, path), { expires_in: COVER_SECONDS })),
      created_at: row.created_at,
      updated_at: row.updated_at,
    };
  });
}
