/** Servers send etags in quotes; ours are without. */
export function unquoted(etag: string | undefined): string {
  return (etag ?? '').replaceAll('"', '');
}
