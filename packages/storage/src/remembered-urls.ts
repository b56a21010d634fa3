import type { SignGetOptions } from './driver.js';
import { REPEAT_WINDOW } from './signing-date.js';

/** Signed GET URLs of this many objects are kept: some 15 MB at most. */
const CAPACITY = 20_000;

type SignGet = (key: string, options: SignGetOptions) => string;

/**
 * A GET URL is the same for a quarter of an hour (`repeatableDate`), and everybody who looks at a project asks for those of
 * the same images: each is signed once per quarter. URLs with names or types of their own are rare and signed each time.
 */
export function rememberUrls(sign: SignGet, now: () => number): SignGet {
  let urls = new Map<string, string>();
  let window = 0;
  return (key, options) => {
    if (options.download_name !== undefined || options.content_type !== undefined) return sign(key, options);
    const current = Math.floor(now() / (REPEAT_WINDOW * 1000));
    if (current !== window || urls.size >= CAPACITY) {
      urls = new Map();
      window = current;
    }
    const name = `${options.expires_in} ${key}`;
    let url = urls.get(name);
    if (url === undefined) {
      url = sign(key, options);
      urls.set(name, url);
    }
    return url;
  };
}
