const UNRESERVED = /^[\w.~-]*$/;
const UNRESERVED_PATH = /^[\w.~/-]*$/;
const LEFT_BY_URI_COMPONENT = /[!'()*]/g;
const percent = (char: string) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`;

/** Percent-encodes everything but RFC 3986's unreserved characters; SigV4 demands it. */
export function encodeRfc3986(text: string): string {
  return UNRESERVED.test(text) ? text : encodeURIComponent(text).replace(LEFT_BY_URI_COMPONENT, percent);
}

/** The same for a key: its slashes stay. */
export function encodeKey(key: string): string {
  return UNRESERVED_PATH.test(key) ? key : encodeRfc3986(key).replaceAll('%2F', '/');
}
