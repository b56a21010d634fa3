import { imageKey, keptPictureKey, stagedUploadKey, thumbnailKey } from '@labelyard/storage';
import type { BucketName } from '../../ends/open-ends.js';
import type { Reference } from './reference.js';

export interface ReferenceRow extends Omit<Reference, 'key' | 'owner' | 'size'> {
  readonly sort_key: string;
  readonly owner: string;
  readonly size: string | null;
  readonly path: string | null;
  readonly folder: string | null;
  readonly n: number | null;
}

/** Deleted images whose pictures lie where they did: until their time is over, and longer while a version has them. */
const DELETED_IN_PLACE = `public.deleted_images d join public.datasets s on s.id = d.dataset_id
      where not exists (select from public.kept_pictures k where k.image_id = d.image_id and k.sha256 = d.sha256)
        and not exists (select from public.image_metadata i where i.dataset_id = d.dataset_id and i.path = d.path)`;

/**
 * Rows in the order of the bytes of their keys. SQL needs the keys to sort by, so it builds them as `keys.ts` does; `keyOf` builds them
 * again with `keys.ts`, and the two must agree.
 */
export const REFERENCE_SQL: Readonly<Record<BucketName, string>> = {
  datasets: sorted(`
    select i.dataset_id || '/images/' || i.path as sort_key, 'image' as kind, i.dataset_id as owner, d.deleted_at is null as required,
      i.size_bytes as size, i.sha256, i.content_type, i.path, null as folder, null::integer as n
      from public.image_metadata i join public.datasets d on d.id = i.dataset_id
    union all
    select i.dataset_id || '/thumbnails/' || i.path || '.jpg', 'thumbnail', i.dataset_id,
      d.deleted_at is null and i.thumbnail_state = 'ready', null, null, 'image/jpeg', i.path, null, null
      from public.image_metadata i join public.datasets d on d.id = i.dataset_id
    union all
    select d.dataset_id || '/images/' || d.path, 'image', d.dataset_id, s.deleted_at is null and (d.image is null or d.expires_at > now()),
      d.size_bytes, d.sha256, d.content_type, d.path, null, null
      from ${DELETED_IN_PLACE}
    union all
    select d.dataset_id || '/thumbnails/' || d.path || '.jpg', 'thumbnail', d.dataset_id, false, null, null, 'image/jpeg', d.path, null, null
      from ${DELETED_IN_PLACE}
    union all
    select k.dataset_id || '/kept/' || k.image_id || '/' || k.sha256, 'kept', k.dataset_id, s.deleted_at is null, k.size_bytes, k.sha256,
      k.content_type, null, k.image_id::text, null
      from public.kept_pictures k join public.datasets s on s.id = k.dataset_id
    union all
    select f.storage_key, 'upload', u.dataset_id, false, null, null, null, null, null, null
      from public.upload_files f join public.uploads u on u.id = f.upload_id
      where f.storage_key is not null and u.status = 'open'
    union all
    select a.dataset_id || '/uploads/import-' || p.import_id || '/' || p.n, 'upload', a.dataset_id, false, null, null, null, null,
      'import-' || p.import_id, p.n
      from public.import_pictures p join public.imports m on m.id = p.import_id
      join public.annotation_projects a on a.id = m.project_id
      where p.staged and m.status in ('checking', 'ready', 'applying')
`),
  annotations: sorted(`
    select storage_key as sort_key, 'export' as kind, project_id as owner, status = 'completed' and deleted_at is null as required,
      size_bytes as size, sha256, null as content_type, null as path, null as folder, null::integer as n
      from public.exports where storage_key is not null and cleaned_at is null
    union all
    select storage_key, 'version', project_id, status = 'published', size_bytes, sha256, null, null, null, null
      from public.annotation_versions where storage_key is not null and status <> 'deleted'
`),
};

/** The order of a union can only be given by a column as it is. */
function sorted(union: string): string {
  return `select * from (${union}) found order by sort_key collate "C"`;
}

/** The key of a row, by the one definition of keys. */
export function keyOf({ kind, owner, path, folder, n, sha256, sort_key }: ReferenceRow): string {
  if (kind === 'image') return imageKey(Number(owner), path ?? '');
  if (kind === 'thumbnail') return thumbnailKey(Number(owner), path ?? '');
  if (kind === 'kept') return keptPictureKey(Number(owner), Number(folder), sha256 ?? '');
  if (folder !== null) return stagedUploadKey(Number(owner), folder, n ?? 0);
  return sort_key;
}
