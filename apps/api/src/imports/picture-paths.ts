/** Folders that formats put pictures into and that are no part of an image's own path; with those of splits, and without. */
const SPLIT_FOLDERS = /^(?:.*?\/)??(?:JPEGImages|images)\/(?:(?:train|val|valid|test)(?:\d{4})?\/)?/u;
const PICTURE_FOLDERS = /^(?:.*?\/)??(?:JPEGImages|images)\//u;

/** Ways from a path in an archive to one in the dataset; each keeps more folders than the one before. */
export const WITHOUT_FOLDERS: readonly ((path: string) => string)[] = [
  withoutFolders,
  (path) => path.replace(PICTURE_FOLDERS, ''),
  (path) => path,
];

/** Without the folders of a format and of a split, where it has them. */
export function withoutFolders(path: string): string {
  return path.replace(SPLIT_FOLDERS, '');
}

/** Pictures by their name; masks of Pascal VOC are labels. */
export function isPicture(path: string): boolean {
  return (
    /\.(?:jpe?g|png|webp|bmp|gif|tiff?|heic|avif)$/iu.test(path) &&
    !/(?:^|\/)Segmentation(?:Class|Object)(?:Raw|_.*)?\//u.test(path)
  );
}
