/**
 * How the server's certificate is treated. `require` encrypts without checking; `verify-ca` checks the issuer, not the name (Railway's
 * proxy); `pin` accepts exactly one certificate.
 */
export type TlsMode = 'disable' | 'require' | 'verify-ca' | 'verify-full' | 'pin';

export interface TlsOptions {
  readonly mode: TlsMode;
  /** PEM text; needed by verify-ca, optional for verify-full. */
  readonly ca?: string | undefined;
  /** SHA-256 of the certificate, hex with or without colons; needed by pin. */
  readonly fingerprint?: string | undefined;
}

export interface DatabaseOptions {
  /** postgres://… ; TLS parameters in it are ignored, `tls` decides. */
  readonly url: string;
  readonly applicationName: string;
  readonly tls?: TlsOptions;
  readonly pool?: {
    /** Most connections at a time (default 15). */
    readonly max?: number | undefined;
    /** How long a request waits for a free connection (default 30 s). */
    readonly acquireTimeoutMs?: number | undefined;
    readonly idleTimeoutMs?: number | undefined;
    /** Connections older than this are replaced (default 3600 s). */
    readonly maxLifetimeSeconds?: number | undefined;
  };
  /** Default 30 s; 0 turns it off. */
  readonly statementTimeoutMs?: number | undefined;
  /** Default 60 s. */
  readonly idleInTransactionTimeoutMs?: number | undefined;
  /** The id of the request being served, for what is written on its behalf. */
  readonly requestId?: () => string | null;
  /** Told about connections that broke while idle (logging). */
  readonly onConnectionError?: (error: Error) => void;
}

export interface PoolStats {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
  readonly max: number;
}
