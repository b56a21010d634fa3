import type { ConnectionOptions } from 'node:tls';
import type { TlsOptions } from './database-options.js';

/** Parameters of a connection URL that would overrule the `ssl` object: node-postgres lets the URL win. */
const URL_TLS_PARAMETERS = [
  'ssl',
  'sslmode',
  'sslcert',
  'sslkey',
  'sslrootcert',
  'sslpassword',
  'sslcrl',
  'sslnegotiation',
  'uselibpqcompat',
];

/** `url` without its TLS parameters. Throws a TypeError that does not repeat the URL (it holds a password). */
export function withoutTlsParameters(url: string): string {
  const parsed = parseDatabaseUrl(url);
  for (const name of URL_TLS_PARAMETERS) parsed.searchParams.delete(name);
  return parsed.href;
}

function parseDatabaseUrl(url: string): URL {
  if (!/^postgres(ql)?:\/\//u.test(url) || !URL.canParse(url)) {
    throw new TypeError('The database URL must look like postgres://user:password@host:port/name');
  }
  return new URL(url);
}

/** Lower-case hex without colons, or a TypeError. */
export function normaliseFingerprint(fingerprint: string): string {
  const hex = fingerprint.replaceAll(':', '').toLowerCase();
  if (!/^[0-9a-f]{64}$/u.test(hex)) {
    throw new TypeError('The TLS fingerprint must be a SHA-256: 64 hex digits, with or without colons');
  }
  return hex;
}

/** The `ssl` option of node-postgres for each mode. */
export function sslOption(tls: TlsOptions | undefined): ConnectionOptions | false {
  switch (tls?.mode ?? 'disable') {
    case 'disable':
      return false;
    case 'require':
      return { rejectUnauthorized: false };
    case 'verify-ca':
      if (!tls?.ca) throw new TypeError('TLS mode verify-ca needs the CA certificate (PEM)');
      // Railway's proxy shows a certificate made for "localhost": the issuer is what can be checked.
      return { ca: tls.ca, rejectUnauthorized: true, checkServerIdentity: () => undefined };
    case 'verify-full':
      return { ...(tls?.ca && { ca: tls.ca }), rejectUnauthorized: true };
    case 'pin':
      if (!tls?.fingerprint) throw new TypeError('TLS mode pin needs the certificate fingerprint (SHA-256)');
      normaliseFingerprint(tls.fingerprint);
      // Self-signed is fine: pinned-client.ts compares the certificate itself.
      return { rejectUnauthorized: false };
  }
}
