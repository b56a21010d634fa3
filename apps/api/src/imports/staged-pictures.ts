import { stagedUploadPrefix, type StorageDriver } from '@labelyard/storage';

/** The key of the n-th picture that an import put aside. */
export function stagedPictureKey(dataset_id: number, import_id: number, n: number): string {
  return `${folderOf(dataset_id, import_id)}${n}`;
}

/** Removes pictures that were put aside and are images now, or never will be. */
export async function sweepPictures(datasets: StorageDriver, dataset_id: number, import_id: number): Promise<void> {
  const prefix = folderOf(dataset_id, import_id);
  await datasets.deleteMany(
    (async function* () {
      for await (const { key } of datasets.list(prefix)) yield key;
    })(),
  );
}

function folderOf(dataset_id: number, import_id: number): string {
  return stagedUploadPrefix(dataset_id, `import-${import_id}`);
}
