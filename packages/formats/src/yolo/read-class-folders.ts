import { classFileNames } from '../class-file-names.js';
import { readText } from '../reading/file-text.js';
import type { ImportFile, ImportPlace, ImportRecord } from '../reading/import-codec.js';
import { fromFile, type ImportDesk } from '../reading/import-desk.js';
import { splitNamed } from '../splits.js';
import { isClassList, namesIn } from './class-list.js';
import { isPicture } from './label-place.js';

/** `train/<class>/a.jpg`, or `<class>/a.jpg` without a split. */
export async function* readClassFolders(desk: ImportDesk, files: readonly ImportFile[]): AsyncGenerator<ImportRecord> {
  const pictures = files.filter(({ path }) => isPicture(path));
  if (pictures.length === 0) {
    desk.issues.error('missing_file', { file: '' }, 'There are neither label files nor pictures in folders');
  }
  const listed = await listedFolders(desk, files, new Set(pictures.map(({ path }) => path.split('/').at(-2) ?? '')));
  const classes = new Set<string>(listed.values());
  for (const name of classes) yield { kind: 'class', name, task_type: 'classification' };
  for (const { path } of pictures.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const at: ImportPlace = { file: path };
    const parts = path.split('/');
    const folder = parts.at(-2);
    const split = splitNamed(parts.at(-3) ?? '');
    // A class may be called train, below the folder of a split.
    if (folder === undefined || (splitNamed(folder) && !split)) {
      desk.issues.error('bad_class', at, 'The picture lies in no folder that names a class');
      continue;
    }
    const name = listed.get(folder) ?? desk.className(folder, at);
    const image = name === null ? null : await desk.image(path, null, at, split);
    if (name === null || !image) continue;
    if (!classes.has(name)) yield { kind: 'class', name, task_type: 'classification' };
    classes.add(name);
    yield image;
    const record = desk.annotation(image, { geometry: { type: 'classification' }, class_name: name }, at);
    if (record) yield record;
  }
}

/** Folder → class by the list that we write, in its order: no folder can be called `a/b`. Empty where the list knows none of the folders. */
async function listedFolders(
  desk: ImportDesk,
  files: readonly ImportFile[],
  folders: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  const list = files.find(isClassList);
  const text = list && (await fromFile(desk, list, () => readText(list)));
  const fileNames = classFileNames([...new Set(text ? namesIn(text) : [])]);
  if (!list || ![...fileNames.values()].some((folder) => folders.has(folder))) return new Map();
  return new Map(
    [...fileNames].flatMap(([given, folder]) => {
      const name = desk.className(given, { file: list.path });
      return name === null ? [] : [[folder, name] as const];
    }),
  );
}
