const NOT_PLAIN = /[^\w.()+ -]/g;
/** RFC 5987's attr-char that encodeURIComponent leaves alone wrongly. */
const NOT_ATTR_CHAR = /['()*]/g;

/**
 * `Content-Disposition` that makes a browser save under `name`. Carries both forms of RFC 6266: an ASCII fallback and
 * RFC 5987's `filename*` for everything else. Folders in the name are dropped.
 */
export function contentDisposition(name: string): string {
  const file_name = name.toWellFormed().split(/[\\/]/).at(-1) || 'download';
  const fallback = file_name.normalize('NFKD').replace(/\p{M}/gu, '').replace(NOT_PLAIN, '_') || 'download';
  const encoded = encodeURIComponent(file_name).replace(
    NOT_ATTR_CHAR,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${fallback}"; filename*=UTF-8''${encoded}`;
}

/** The name in a `Content-Disposition` that makes a browser save; undefined when it holds none. */
export function dispositionName(header: string | undefined): string | undefined {
  const [, encoded] = /filename\*\s*=\s*UTF-8''([^;\s]+)/i.exec(header ?? '') ?? [];
  try {
    if (encoded !== undefined) return decodeURIComponent(encoded);
  } catch {
    return undefined; // Percent signs that encode nothing.
  }
  const [, quoted, bare] = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header ?? '') ?? [];
  return quoted?.replaceAll(/\\(.)/g, '$1') ?? bare;
}
