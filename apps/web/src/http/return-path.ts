/** Where to go after signing in when nothing (or nothing safe) was asked for. */
export const HOME_PATH = '/datasets';

/** Request header in which proxy.ts tells the pages their own address. */
export const PATH_HEADER = 'x-labelyard-path';

/** A path of this site out of `?next=`; anything that could lead elsewhere becomes the home page. */
export function returnPath(next: string | string[] | null | undefined): string {
  if (typeof next !== 'string' || !next.startsWith('/') || next.length > 2_000) return HOME_PATH;
  const url = URL.parse(next, 'http://site.invalid');
  // Browsers read "\" as "/" and drop tabs and line breaks; the parser does the same, so what is left is compared.
  if (!url || url.origin !== 'http://site.invalid' || url.username) return HOME_PATH;
  if (/^\/(?:login|api)(?:\/|$)/u.test(url.pathname) || url.pathname.startsWith('//')) return HOME_PATH;
  return url.pathname + url.search + url.hash;
}
