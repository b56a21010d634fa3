export interface PolicyOptions {
  readonly nonce: string;
  /** Origins that hand out and take image bytes: the object storage, or the API in its place. */
  readonly storage_origins: readonly string[];
  /** React's development build evaluates code and the dev server talks over a web socket. */
  readonly development: boolean;
}

/** The Content-Security-Policy of every page. Scripts and style sheets need the nonce; images and uploads may reach the storage. */
export function contentSecurityPolicy({ nonce, storage_origins, development }: PolicyOptions): string {
  const storage = storage_origins.join(' ');
  const directives: Record<string, string> = {
    'default-src': "'self'",
    'script-src': `'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    'style-src': `'self' 'nonce-${nonce}'`,
    // A style attribute can only change its own element; class colours and progress bars are rendered on the server with it.
    'style-src-attr': "'unsafe-inline'",
    'img-src': `'self' blob: data: ${storage}`,
    'connect-src': `'self' ${storage}${development ? ' ws:' : ''}`,
    'font-src': "'self'",
    'worker-src': "'self' blob:",
    'manifest-src': "'self'",
    'object-src': "'none'",
    'frame-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
  };
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value.trim()}`)
    .join('; ');
}

/** Headers of every page besides the policy. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'cross-origin-opener-policy': 'same-origin',
};
