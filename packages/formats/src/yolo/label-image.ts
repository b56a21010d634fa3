import type { ImportFile, ImportOptions, KnownImage } from '../reading/import-codec.js';
import type { ImportDesk } from '../reading/import-desk.js';
import { extensionOf, placeKey, placeOf } from './label-place.js';
import type { RenamedImages } from './renamed-images.js';
import { YOLO_IMAGE_EXTENSIONS } from './yolo-options.js';

/** What came along that tells which image a label file is of. */
export interface PlacedFiles {
  /** By the place of their label file. */
  readonly pictures: ReadonlyMap<string, readonly string[]>;
  readonly renamed: RenamedImages;
}

/**
 * The image of a label file, as a path to look for: the picture that came along, the image that the table of renamed ones says, or an
 * image of the dataset under every extension that trainers read. Null when it could be several, with the issue.
 */
export async function pictureOf(
  desk: ImportDesk,
  { path: file }: ImportFile,
  { pictures, renamed }: PlacedFiles,
): Promise<string | null> {
  const place = placeOf(file);
  const { findImage } = desk.options;
  const beside = pictures.get(placeKey(place)) ?? [];
  const usual = beside[0] ?? `${place.stem}.jpg`;
  if (!findImage) return usual;
  const [came, ...others] = await hitsOf(findImage, beside);
  if (came) return onlyOne(desk, file, [came, ...others]);
  const named = renamed.ofLabel.get(file);
  if (named !== undefined) return named;
  const isFree = ({ path }: KnownImage) => !renamed.taken.has(normal(path));
  const found = await imagesOf(findImage, place, beside.length > 0 ? beside.map(extensionOf) : EXTENSIONS, isFree);
  const free = found.filter(({ image }) => isFree(image));
  if (free.length > 0) return onlyOne(desk, file, free);
  if (found.length === 0) return usual;
  desk.issues.error('image_missing', { file }, `The labels of "${found[0]?.image.path}" are in another file`);
  return null;
}

function onlyOne(desk: ImportDesk, file: string, hits: readonly Hit[]): string | null {
  const [hit, other] = hits;
  if (!other) return hit?.path ?? null;
  desk.issues.error(
    'ambiguous_image',
    { file },
    `It could be the label file of "${hit?.image.path}" and of "${other.image.path}"`,
  );
  return null;
}

type FindImage = NonNullable<ImportOptions['findImage']>;

interface Hit {
  /** What was looked for. */
  readonly path: string;
  readonly image: KnownImage;
}

const isWhole = ({ path, image }: Hit): boolean => normal(path) === normal(image.path);

/** An image that is found under several paths counts once, by its own if it is among them. */
async function hitsOf(
  findImage: FindImage,
  paths: readonly string[],
  isAsked: (path: string, hits: readonly Hit[]) => boolean = () => true,
): Promise<Hit[]> {
  const hits = new Map<string, Hit>();
  for (const path of paths) {
    const image = isAsked(path, [...hits.values()]) ? await findImage(path) : null;
    if (image && !(hits.has(image.path) && path !== image.path)) hits.set(image.path, { path, image });
  }
  return [...hits.values()];
}

/** Images of a stem: those of this very path, else those whose path ends most like it, for the dataset may have other folders. */
async function imagesOf(
  findImage: FindImage,
  { stem, split }: ReturnType<typeof placeOf>,
  extensions: readonly string[],
  isFree: (image: KnownImage) => boolean,
): Promise<Hit[]> {
  // Names are found in any case: who asks for A.JPG when A.jpg was found puts it in doubt.
  const isAsked = (path: string, hits: readonly Hit[]) =>
    !hits.some((hit) => isWhole(hit) && isFree(hit.image) && hit.path.toLowerCase() === path.toLowerCase());
  let near: Hit[] = [];
  for (const folder of split ? ['', `${split}/`, `images/${split}/`] : ['', 'images/']) {
    const paths = extensions.map((extension) => `${folder}${stem}.${extension}`);
    const hits = await hitsOf(findImage, paths, isAsked);
    const whole = hits.filter(isWhole);
    if (whole.length > 0) return whole;
    if (near.length === 0) near = hits;
  }
  const alike = near.map(({ path, image }) => foldersInCommon(normal(path), normal(image.path)));
  return near.filter((_, n) => alike[n] === Math.max(...alike));
}

function foldersInCommon(a: string, b: string): number {
  const [left, right] = [a, b].map((path) => path.split('/').reverse().slice(1)) as [string[], string[]];
  const differing = left.findIndex((folder, n) => folder !== right[n]);
  return differing < 0 ? left.length : differing;
}

const normal = (path: string): string => path.normalize('NFC');

const EXTENSIONS = [...new Set(['jpg', 'jpeg', 'png', 'webp', 'JPG', 'JPEG', 'PNG', ...YOLO_IMAGE_EXTENSIONS])];
