/** A picked file that was changed, moved or deleted since cannot be read; the browser reports that as a lost connection. */
export async function isReadable(file: Blob | undefined): Promise<boolean> {
  try {
    await file?.slice(0, 1).arrayBuffer();
    return file !== undefined;
  } catch {
    return false;
  }
}
