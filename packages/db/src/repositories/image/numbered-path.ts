/** `folder/name.jpg` → `folder/name (2).jpg`, as file managers do it. */
export function numberedPath(path: string, number: number): string {
  const [stem, extension] = split(path);
  return `${stem} (${number})${extension}`;
}

/** The first number from 2 whose path is not in `taken`. */
export function freePath(path: string, taken: ReadonlySet<string>): string {
  let number = 2;
  while (taken.has(numberedPath(path, number))) number += 1;
  return numberedPath(path, number);
}

/** Borders, in byte order, between which every numbered form of `path` lies. */
export function siblingRange(path: string): [lower: string, upper: string] {
  const [stem] = split(path);
  return [`${stem} (`, `${stem} )`];
}

/** The extension begins at the last dot of the file name, unless the name begins with it. */
function split(path: string): [stem: string, extension: string] {
  const name = path.lastIndexOf('/') + 1;
  const dot = path.lastIndexOf('.');
  return dot > name ? [path.slice(0, dot), path.slice(dot)] : [path, ''];
}
