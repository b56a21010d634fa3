/** What the server can read, by ending; its own look at the bytes decides in the end. */
const ENDINGS: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  jpe: 'image/jpeg',
  jfif: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
};
/** For file dialogs. */
export const IMAGE_ENDINGS = Object.keys(ENDINGS).map((ending) => `.${ending}`);

/** The readable image type of a file by its ending, or by what the browser says where there is no ending. */
export function imageType(path: string, announced: string): string | null {
  const ending = /\.([^./]+)$/u.exec(path)?.[1]?.toLowerCase();
  if (ending !== undefined && ENDINGS[ending]) return ENDINGS[ending];
  return Object.values(ENDINGS).find((type) => type === announced.toLowerCase()) ?? null;
}
