import type { TestApp } from './app.factory.js';

/** So many images in a dataset, at once: `day/…` and `night/…` in turn. Their files are not there. */
export async function insertImages(api: TestApp, dataset_id: number, count: number): Promise<void> {
  await api.db.sql.run(
    `insert into image_metadata (dataset_id, path, content_type, width, height, size_bytes, sha256, uploaded_by)
      select $1, case n % 2 when 0 then 'day/' else 'night/' end || lpad(n::text, 6, '0') || '.jpg', 'image/jpeg', 100, 80, 10,
        repeat('a', 64), $2
      from generate_series(1, $3::integer) n`,
    [dataset_id, api.owner.id, count],
  );
}
