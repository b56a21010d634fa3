import type { ImportOptions } from '../reading/import-codec.js';

/** Where pictures of one export lie: found with the first task, and the same for all others. */
export class TaskImages {
  private strip: number | null = null;

  constructor(private readonly options: ImportOptions) {}

  /**
   * The path in the dataset that an address means. Label Studio keeps addresses: how many of their folders belong to the server and how
   * many to the dataset is known only to the dataset.
   */
  async pathOf(address: unknown): Promise<unknown> {
    if (typeof address !== 'string') return address;
    const path = pathIn(address);
    const parts = path.split('/');
    if (parts.includes('..') || /^(?:\/|[a-z]:)/iu.test(path)) return path;
    const { findImage } = this.options;
    if (!findImage) return without(parts, parts[0] === 'images' ? 1 : 0);
    const tried = this.strip === null ? parts.map((_, n) => n) : [Math.min(this.strip, parts.length - 1)];
    for (const count of tried) {
      for (const candidate of [without(parts, count), unmarked(without(parts, count))]) {
        if (candidate === '' || !(await findImage(candidate))) continue;
        this.strip = count;
        return candidate;
      }
    }
    return without(parts, Math.min(this.strip ?? (parts[0] === 'images' ? 1 : 0), parts.length - 1));
  }
}

const without = (parts: readonly string[], count: number): string => parts.slice(count).join('/');

/** Uploads get eight hexadecimal digits in front of their name. */
function unmarked(path: string): string {
  return path.replace(/(^|\/)[0-9a-f]{8}-(?=[^/]+$)/u, '$1');
}

/** The path of an address without its server; of a plain path, the path. */
function pathIn(address: string): string {
  const local = /[?&]d=([^&#]*)/u.exec(address)?.[1];
  if (local !== undefined) return decoded(local).replaceAll('\\', '/');
  const remote = /^[a-z][a-z0-9+.-]*:\/\/[^/]*\/([^?#]*)/iu.exec(address)?.[1];
  if (remote !== undefined) return decoded(remote);
  const upload = /^\/data\/(upload\/[^?#]*)$/u.exec(address)?.[1];
  return upload === undefined ? address.replaceAll('\\', '/') : decoded(upload);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
