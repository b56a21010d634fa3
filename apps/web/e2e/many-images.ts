import type { Dataset } from '@labelyard/contract';
import { withConnection } from '@labelyard/embedded-postgres';
import { env } from './env';

/** So many images in a dataset, at once. Their files are not there. */
export async function insertImages(dataset: Dataset, uploaded_by: string, count: number): Promise<void> {
  await withConnection(env().database_url, (client) =>
    client.query(
      `insert into image_metadata (dataset_id, path, content_type, width, height, size_bytes, sha256, uploaded_by)
        select $1, 'day/' || lpad(n::text, 6, '0') || '.jpg', 'image/jpeg', 100, 80, 10, repeat('a', 64), $2
        from generate_series(1, $3::integer) n`,
      [dataset.id, uploaded_by, count],
    ),
  );
}
