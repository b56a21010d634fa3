import type { Session } from './session';

/** What the server holds of an image, oldest first: the word that counts, beside what the screen says. */
export async function savedLabels({ api }: Session, project_id: number, image_id: number) {
  const { items } = await api('annotations.of_image', { params: { project_id, image_id } });
  return [...items].sort((a, b) => a.id - b.id);
}
